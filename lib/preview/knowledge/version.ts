export { compareVersions, minorSteps, parseVersion, type Version } from "../../facts/semver";
