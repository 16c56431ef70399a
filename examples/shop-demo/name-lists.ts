/** Given and family names of one language. A name in another script carries its Latin spelling after a slash. */
export interface NameList {
  readonly locale: string
  /** How often it is drawn, relative to the others. */
  readonly weight: number
  readonly first: readonly string[]
  readonly last: readonly string[]
}

const words = (text: string): string[] => text.trim().split(/\s+/)

/** Common names, none of anybody in particular: the purchase log holds no names at all. */
export const nameLists: readonly NameList[] = [
  {
    locale: 'en-US',
    weight: 38,
    first:
      words(`Ada Alice Amos Beatrice Caleb Clara Cora Dean Edith Eli Esther Felix Flora Frank Grace Harriet Hazel Henry
      Ida Iris Jack Jasper Josie Julian Leo Lillian Mabel Miles Naomi Nora Oscar Owen Pearl Ruth Silas Simon Tessa Theo Violet Walter`),
    last: words(`Abbott Adler Archer Barlow Bishop Blake Brennan Calloway Carver Chandler Collins Dalton Doyle Ellery Fairley
      Fletcher Garner Hale Harper Hollis Keating Langley Marlow Mercer Merritt Osborne Parrish Pruitt Quincy Rhodes Sawyer
      Thatcher Underwood Vaughn Waverly Whitaker Winslow Yates`),
  },
  {
    locale: 'es-US',
    weight: 15,
    first:
      words(`Alma Andrés Beatriz Camila Carlos Daniela Diego Elena Emilio Esteban Gabriela Inés Javier Joaquín Lucía
      Luis Marisol Mateo Paloma Rafael Rosa Sofía Tomás Valeria`),
    last: words(`Aguilar Bravo Cabrera Castillo Cordero Delgado Espinosa Fuentes Herrera Iglesias Luna Marín Mendoza Montoya
      Navarro Ochoa Paredes Quintero Rivas Salazar Serrano Valdés Vega Zamora`),
  },
  {
    locale: 'en-US',
    weight: 12,
    first:
      words(`Aaliyah Amara Andre Camille Darius Denise Desmond Ebony Ezekiel Imani Isaiah Jada Jerome Keisha Lamar Maya
      Malik Monique Nia Omari Simone Terrence Zora`),
    last: words(`Baptiste Booker Broussard Coleman Dawson Fontenot Gaines Hendrix Holloway Ivory Jefferson Kincaid Lattimore
      Mayfield Okafor Peoples Randle Sims Tolliver Whitfield`),
  },
  {
    locale: 'zh-CN',
    weight: 5,
    first:
      words(`雨婷/Yuting 子涵/Zihan 伟/Wei 欣怡/Xinyi 浩然/Haoran 静/Jing 俊杰/Junjie 梓萱/Zixuan 明/Ming 晓梅/Xiaomei
      志强/Zhiqiang 思远/Siyuan`),
    last: words(`陈/Chen 王/Wang 李/Li 张/Zhang 刘/Liu 杨/Yang 黄/Huang 周/Zhou 吴/Wu 徐/Xu 林/Lin 何/He`),
  },
  {
    locale: 'en-US',
    weight: 7,
    first: words(`Anna Brian David Emily Grace Jason Jenny Kevin Mei Ming Steven Wei Yun Lily Raymond Vivian`),
    last: words(`Chan Chang Chen Cheng Ho Hsu Huang Kwan Lai Leung Lin Tsai Wang Wong Wu Zhao`),
  },
  {
    locale: 'en-US',
    weight: 8,
    first:
      words(`Aarav Anika Arjun Deepa Farah Imran Ishaan Kavita Leila Meera Nikhil Omar Priya Ravi Samira Tariq Vikram
      Yasmin Zara`),
    last: words(`Ahmad Banerjee Chaudhry Desai Farouk Gupta Haddad Iyer Joshi Khan Mehta Nair Patel Qureshi Rahman Saleh
      Shah Verma`),
  },
  {
    locale: 'en-US',
    weight: 9,
    first:
      words(`Anneliese Bruno Dieter Elke Fiona Giulia Håkan Ingrid Jürgen Katarzyna Lars Maeve Niamh Pavel Renée Sven
      Tadeusz Ursula Wojciech Zofia`),
    last: words(`Bergström Bianchi Dvořák Eriksson Fischer Gallagher Hoffmann Jansen Kowalski Lindqvist Moreau Nowak O'Rourke
      Petrov Rossi Schäfer Sorensen Weber`),
  },
  {
    locale: 'en-US',
    weight: 2,
    first: words('Akira Emi Hana Hiro Kenji Naoko Yumi'),
    last: words('Fujita Hayashi Ito Mori Nakamura Sato Tanaka'),
  },
  {
    locale: 'en-US',
    weight: 2,
    first: words('Eun-ji Jin Joon Min-jun Seo-yeon Sora'),
    last: words('Choi Han Kang Kim Lee Park'),
  },
  {
    locale: 'en-US',
    weight: 2,
    first: words('Linh Mai Minh Quang Thuy Trung'),
    last: words('Bui Le Ng Nguyen Pham Tran'),
  },
]
