/** Exit status for "not run", as test harnesses have it since Automake: neither passed nor failed. */
export const NOT_RUN = 77;
