/** Exit code of a script that could not run here, after one line that says what is missing: neither passed nor failed. */
export const NOT_RUN = 77;
