/**
 * Faults that the author of an adapter can cause: each call arms one cut of the way to the backend, which the next commit meets, be
 * it that of `write`, of a batch of `load` or of `transaction`, and whether it is a request of its own or the last of several. Reads do
 * not trigger it. A cut happens once; afterwards the way is open again, if need be after the adapter has connected anew. One that no
 * commit met stays armed, and would meet a later case.
 */
export interface StorageFaults {
  /** The backend sees nothing of the next commit. */
  cutBefore(): unknown
  /** The way breaks when the backend has seen some or all of the writes and has not committed them. */
  cutDuring(): unknown
  /** The backend commits, and its answer is lost. */
  cutAfter(): unknown
}
