/** The buffers of all typed arrays in plain data, which a message to another thread can move instead of copying. */
export function movableBuffers(data: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>()
  const look = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) {
      if (value.buffer instanceof ArrayBuffer) found.add(value.buffer)
    } else if (isPlainObject(value)) {
      for (const part of Object.values(value)) look(part)
    }
  }
  look(data)
  return [...found]
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
