/** Who wrote a message: the customer, one of the two members of staff, or staff among themselves. */
export type InventedAuthor = 'customer' | 'robin' | 'mei' | 'note'

/** A message: hours after the ticket was opened, its author, its text. */
export type InventedMessage = readonly [afterHours: number, author: InventedAuthor, body: string]

/** A ticket that nobody filed, written to give the pages something to show. */
export interface InventedTicket {
  /** Number of the customer in the log; with the subject it finds the ticket again. */
  readonly customerId: number
  readonly subject: string
  readonly type: 'question' | 'complaint' | 'suggestion' | 'incident' | 'request' | 'return'
  readonly priority: 'low' | 'normal' | 'high' | 'urgent'
  readonly channel: 'web' | 'email' | 'phone' | 'chat'
  readonly openedHoursAgo: number
  /** The first one is the customer's. */
  readonly messages: readonly InventedMessage[]
  readonly outcome?: 'resolved' | 'closed'
}

type Facts = Pick<InventedTicket, 'type' | 'priority' | 'channel' | 'outcome'>

const asked = { type: 'question', priority: 'normal', channel: 'web' } as const
const broken = { type: 'incident', priority: 'high', channel: 'web' } as const
const upset = { type: 'complaint', priority: 'high', channel: 'email' } as const
const sendBack = { type: 'return', priority: 'normal', channel: 'web' } as const
const wish = { type: 'suggestion', priority: 'low', channel: 'web' } as const
const please = { type: 'request', priority: 'normal', channel: 'web' } as const
const done = { outcome: 'resolved' } as const

const drafts: readonly (readonly [
  customerId: number,
  hoursAgo: number,
  subject: string,
  Facts,
  ...InventedMessage[],
])[] = [
  [
    509,
    2,
    'Second disc of the box set is missing',
    { ...broken, priority: 'urgent' },
    [
      0,
      'customer',
      'The box arrived today and disc two is not in it. The sleeve is sealed, so it must have left like that. I had planned to give it away on Saturday.',
    ],
  ],
  [
    509,
    410,
    'Can I change the delivery address?',
    { ...please, ...done },
    [
      0,
      'customer',
      'I moved last week. Could you send the next parcel to the new address? It is in my account already.',
    ],
    [1.5, 'robin', 'Done: the parcel that leaves tomorrow goes to the new address.'],
    [3, 'customer', 'Wonderful, thank you.'],
  ],
  [
    1820,
    5,
    'Charged twice for one order',
    { ...upset, priority: 'urgent' },
    [
      0,
      'customer',
      'My card shows the same amount twice on the same day, and I only ordered once. Please look into it before the month ends.',
    ],
    [1, 'note', 'Payments shows one capture and one reservation. The reservation should lapse by itself on Thursday.'],
  ],
  [
    549,
    9,
    'Sleeve arrived creased',
    { ...sendBack, priority: 'normal' },
    [
      0,
      'customer',
      'The record plays fine, but the sleeve has a crease across the front. I would like to exchange it if there is another copy.',
    ],
    [
      2,
      'mei',
      'I am sorry about that. There is one more copy; I have put it aside for you. Would you like to keep the first until it arrives?',
    ],
  ],
  [
    841,
    14,
    'Is the reissue cut from the original tapes?',
    asked,
    [0, 'customer', 'The listing does not say which source the reissue was cut from. Do you know, or does the label?'],
  ],
  [
    1887,
    20,
    'Gift wrapping for three orders',
    please,
    [0, 'customer', 'I have three orders open for the same birthday. Could they come wrapped together, with one card?'],
    [1, 'robin', 'Gladly. What shall the card say?'],
    [5, 'customer', '“For the best ears in the family.” Thank you!'],
  ],
  [
    325,
    26,
    'Parcel says delivered, but nothing came',
    { ...broken, channel: 'phone' },
    [0, 'customer', 'Tracking says it was handed over at noon yesterday. I was home all day and nobody rang.'],
    [
      0.5,
      'mei',
      'Thank you for calling. I have asked the carrier for the signature and will write as soon as they answer.',
    ],
    [0.6, 'note', 'Third report for this depot this month.'],
  ],
  [
    1981,
    31,
    'Do you buy used collections?',
    { ...asked, channel: 'email' },
    [0, 'customer', 'My father is clearing out about 400 jazz records. Is that something you would look at?'],
    [
      4,
      'robin',
      'We would love to. Could you send a few photographs of the spines, and tell us roughly where they are?',
    ],
  ],
  [
    1203,
    38,
    'Please stock more cassettes',
    wish,
    [0, 'customer', 'The two cassettes you had in spring were gone within a day. I would buy more of them.'],
  ],
  [
    813,
    45,
    'Wrong pressing sent',
    { ...sendBack, priority: 'high' },
    [0, 'customer', 'I ordered the mono pressing and got the stereo one. The order confirmation says mono.'],
    [
      3,
      'mei',
      'You are right, that was our mistake. The mono copy leaves today, and the label for the return is in the same parcel.',
    ],
    [30, 'customer', 'It came this morning. The return is on its way.'],
  ],
  [
    157,
    52,
    'Discount code is refused',
    { ...asked, channel: 'chat' },
    [0, 'customer', 'The code from your letter is refused at the checkout as “not valid for this basket”.'],
    [
      0.2,
      'robin',
      'It only counts for records, and there is a book in the basket. I have made you one that takes both: it is in your account.',
    ],
  ],
  [
    1516,
    60,
    'Invoice with our tax number',
    { ...please, channel: 'email' },
    [0, 'customer', 'For our books we need the last four invoices again, with the tax number of the café on them.'],
  ],
  [
    167,
    75,
    'Skips on side B',
    { ...broken, priority: 'normal' },
    [0, 'customer', 'The second track of side B skips in the same place every time, on two players.'],
    [6, 'mei', 'That sounds like a pressing fault. Another copy is on its way; keep this one until it has arrived.'],
  ],
  [
    693,
    90,
    'When does the spring list come out?',
    { ...asked, ...done },
    [0, 'customer', 'I look forward to it every year. Is there a date yet?'],
    [2, 'robin', 'On the first Friday of April, at ten in the morning.'],
  ],
  [
    46,
    101,
    'Preorder was cancelled without a word',
    { ...upset, ...done },
    [
      0,
      'customer',
      'My preorder vanished from the account and nobody wrote. I only noticed because the money came back.',
    ],
    [
      1,
      'mei',
      'I am sorry. The label halved our allocation, and the letter to you was held back by a mistake of ours. We have found a copy elsewhere; it is yours at the old price if you still want it.',
    ],
    [9, 'customer', 'That is more than fair. Yes, please.'],
    [10, 'mei', 'It leaves tomorrow.'],
  ],
  [
    1712,
    120,
    'Listening station for the radio',
    { ...please, channel: 'phone' },
    [0, 'customer', 'We would like to host an evening with your staff picks on air. Whom should we talk to?'],
    [8, 'robin', 'To me. I have written to the station with three dates.'],
  ],
  [
    1292,
    130,
    'Unsubscribe from post, keep e-mail',
    { ...please, ...done },
    [0, 'customer', 'No more printed catalogues, please. The letters by e-mail are fine.'],
    [2, 'mei', 'Both are noted. One more catalogue may still be under way.'],
  ],
  [
    867,
    150,
    '黑胶唱片可以寄到上海吗？',
    { ...asked, channel: 'email', ...done },
    [0, 'customer', '你好，我想买三张黑胶唱片，请问可以寄到上海吗？运费大概是多少？'],
    [5, 'mei', '可以的。三张一起寄，运费是 38 美元，大约十个工作日送到。'],
    [20, 'customer', '太好了，我今天就下单，谢谢！'],
  ],
  [
    382,
    166,
    'Turntable belt for an old model',
    { ...asked, ...done },
    [0, 'customer', 'Do you carry belts? Mine is from 1979 and the maker is long gone.'],
    [3, 'robin', 'The 190 mm one fits. I have added it to your wish list.'],
  ],
  [
    1242,
    190,
    'Account locked after new phone',
    { ...broken, ...done },
    [0, 'customer', 'I changed my phone and now I cannot sign in any more.'],
    [0.3, 'mei', 'I have sent you a link that works once, for the next hour.'],
    [0.5, 'customer', 'That did it.'],
  ],
  [
    148,
    214,
    'Translated liner notes',
    { ...wish, ...done },
    [
      0,
      'customer',
      'Would you consider printing translations of the liner notes for the imports? I would pay extra for them.',
    ],
    [26, 'robin', 'We asked the label, and they will send us theirs as a file. It is on the product page now.'],
  ],
  [
    1413,
    240,
    'Two parcels, two delivery fees',
    { ...upset, priority: 'normal', ...done },
    [0, 'customer', 'I placed both orders within an hour and paid for delivery twice.'],
    [3, 'mei', 'One of the two fees is on its way back to your card.'],
  ],
  [
    1136,
    300,
    'Loyalty card from the old shop',
    { ...asked, ...done },
    [0, 'customer', 'I still have a stamp card from before you moved. Does it count?'],
    [4, 'robin', 'It does. Bring it along, or send a picture.'],
  ],
  [
    1290,
    340,
    'Warped record from the summer sale',
    { ...sendBack, outcome: 'closed' },
    [0, 'customer', 'One of the five is warped. I left it under books for two weeks, without success.'],
    [5, 'mei', 'We have no other copy, so the price is on its way back to you. Keep the record as a fruit bowl.'],
  ],
]

/** Every invented ticket, the newest first. */
export const inventedTickets: readonly InventedTicket[] = drafts.map(
  ([customerId, openedHoursAgo, subject, facts, ...messages]) => ({
    customerId,
    subject,
    openedHoursAgo,
    messages,
    ...facts,
  }),
)
