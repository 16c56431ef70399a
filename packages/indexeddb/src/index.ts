/** Storage in the browser, on IndexedDB. */
export {}
