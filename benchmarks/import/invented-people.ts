const rowsPerPiece = 500
const first = ['Ada', 'Grace', 'Wei', 'José', 'Zoë', 'Karl', '伟', 'Olga']
const last = ['King', 'Hopper', 'Wang', 'García', 'Müller', 'Marx', '王', 'Iwanowa']
const cities = ['London', 'Arlington', '北京', 'Madrid', 'Köln', 'Trier', '上海', 'Kasan']

function person(index: number) {
  const pick = (list: readonly string[]): string => list[(index * 7 + list.length) % list.length] as string
  return {
    number: `K-${index}`,
    firstName: pick(first),
    lastName: `${pick(last)} ${index}`,
    mail: `person.${index}@example.com`,
    phone: `+49 30 ${1_000_000 + index}`,
    city: pick(cities),
  }
}

/** A CSV of invented people, piece by piece. */
export async function* peopleCsv(rows: number): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  yield encoder.encode('No,First,Last,Mail,Phone,Tag,City\n')
  for (let start = 0; start < rows; start += rowsPerPiece) {
    let text = ''
    for (let index = start; index < Math.min(start + rowsPerPiece, rows); index++) {
      const { number, firstName, lastName, mail, phone, city } = person(index)
      text += `${number},${firstName},${lastName},${mail},"${phone}",imported,${city}\n`
    }
    yield encoder.encode(text)
  }
}
