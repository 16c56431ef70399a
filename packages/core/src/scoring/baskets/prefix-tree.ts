/** A prefix tree as columns: node 0 is the root, `heads` and `next` chain the nodes of an item, 0 ends a chain. */
export interface PrefixTree {
  heads: Int32Array
  item: Int32Array
  parent: Int32Array
  count: Float64Array
  next: Int32Array
}

/** Adds up the weights (1 where left out) of paths of ascending items; items from `size` on are left out. */
export function buildPrefixTree(paths: number[][], weights: number[] | undefined, size: number): PrefixTree {
  let most = 1
  for (const path of paths) most += path.length
  const heads = new Int32Array(size)
  const item = new Int32Array(most)
  const parent = new Int32Array(most)
  const count = new Float64Array(most)
  const next = new Int32Array(most)
  // Open addressing by parent and item: a Map of numbers takes three times as long.
  const bits = Math.ceil(Math.log2(2 * most))
  const table = new Int32Array(2 ** bits)
  const mask = table.length - 1
  let nodes = 1
  for (let p = 0; p < paths.length; p++) {
    const weight = weights ? weights[p]! : 1
    let at = 0
    for (const f of paths[p]!) {
      if (f >= size) break
      let slot = Math.imul(Math.imul(at, 0x9e3779b1) + f, 0x85ebca6b) >>> (32 - bits)
      while (table[slot]! > 0 && (parent[table[slot]!] !== at || item[table[slot]!] !== f)) slot = (slot + 1) & mask
      let node = table[slot]!
      if (node === 0) {
        node = nodes++
        table[slot] = node
        item[node] = f
        parent[node] = at
        next[node] = heads[f]!
        heads[f] = node
      }
      count[node]! += weight
      at = node
    }
  }
  return { heads, item, parent, count, next }
}
