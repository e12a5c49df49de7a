/** The version of CDK Terrain that takes cdktf's place in the tests. */
export const CDKTN = "cdktn@0.24.0";
