import { environments } from "./environments";
import { synthesize } from "./lib/environment";

synthesize(environments);
