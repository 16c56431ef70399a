/** Pet names and spellings of one given name; the first stands for all. A name in two groups stays with the first. */
const groups = `
alexander alex alec sandy xander alexandra sasha
abigail abby gail
albert al bert bertie
alfred alf alfie
andrew andy drew
anthony tony ant
arthur art artie
barbara barb barbie babs
benjamin ben benny benji
bernard bernie
bradley brad
catherine kate katie cathy kathy katherine kathryn cat kat kitty catharine
charles charlie chuck chas charley
christopher chris kit topher
christina chrissy tina christine
cynthia cindy
daniel dan danny
david dave davy
deborah deb debbie debra
donald don donny
dorothy dot dottie
douglas doug
edward ed eddie ted ned teddy
eleanor ellie nell elinor nora
elizabeth liz beth lizzie betty eliza lisa elisabeth betsy libby
emily em emmy emma
eric rick erik
francis frank frankie
frederick fred freddie freddy
gabriel gabe
gerald gerry jerry
gregory greg gregg
harold harry hal
henry hank
isabella isabel bella izzy isabelle
jacob jake
jacqueline jackie
james jim jimmy jamie
janet jan
jeffrey jeff geoffrey geoff
jennifer jen jenny jenn
jessica jess jessie
john jack johnny jon
jonathan jonny jonathon
joseph joe joey
joshua josh
judith judy
kenneth ken kenny
kimberly kim kimberley
laura laurie lori
lawrence larry laurence
leonard leo len lenny
louis lou louie lewis
lucas luke luca
margaret maggie meg peggy marge greta
martin marty
matthew matt matty mathew
maximilian max maxwell
megan meghan
michael mike mick mickey micky
michelle shelly
nancy nan
natalie nat
nathaniel nate nathan
nicholas nick nicky nicolas
nicole nikki
oliver ollie olly
olivia liv livvy
pamela pam
patricia pat patty trish tricia
patrick paddy
peter pete
philip phil phillip
rachel rach
raymond ray
rebecca becky becca
richard dick rich richie
robert rob bob bobby robbie
ronald ron ronnie
rosemary rose rosie
russell russ
samuel sam sammy
samantha sammi
sarah sara sally
sebastian seb bastian
sophie sophia sofia soph
stephanie steph
stephen steve steven stevie
stuart stu stewart
susan sue susie suzanne
terence terry
theodore theo
theresa tess terri teresa
thomas tom tommy
timothy tim timmy
valerie val
veronica ronnie
victoria vicky vicki tori
vincent vince vinny
walter walt wally
william will bill billy liam
zachary zach zack
`
const canonical = new Map<string, string>()
for (const line of groups.trim().split('\n')) {
  const [first = '', ...others] = line.split(' ')
  for (const name of [first, ...others]) if (!canonical.has(name)) canonical.set(name, first)
}

/** The given name that a pet name stands for (`bob` is `robert`); the name itself where none is known. Folded text in and out. */
export function givenName(name: string): string {
  return canonical.get(name) ?? name
}
