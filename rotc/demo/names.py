"""Words that invented people are made of. Everybody here is invented; so are the places."""

LAST_NAMES = """
Abarca|Abellana|Abrenica|Acebedo|Agbayani|Alcantara|Alegado|Alibasa|Almonte|Alvarado|Amarille|Ampil-Sulog|
Andrada|Anunciado|Apostol|Arcilla|Ariola|Asuncion|Atienza-Lim|Avanceña|Baclayon|Balagtas|Baldomero|Balingit|
Banaag|Bañares|Bañez|Barrientos|Basilio|Batungbakal|Bayani|Belarmino|Beltran|Bernabe|Bituin|Borromeo|Buenaflor|
Buenavista|Bulaong|Caballero|Cabahug|Cabigas|Cadavona|Calimbas|Camacho|Canlas|Cañada|Cañete|Capistrano|Carreon|
Casimiro|Castañeda|Catacutan|Celestino|Centeno|Cervantes|Concepcion|Cordero|Coronel|Cuevas|Dacanay|Dagatan|
Dalisay|Dangcal|De Guzman|De la Torre|De Leon|De los Reyes|Del Mundo|Del Rosario|Dela Cruz|Dela Peña|Delos Santos|
Desierto|Dimaculangan|Dimasupil|Dizon|Domingo|Dumaguing|Dumalagan|Ebarle|Echavez|Encarnacion|Escaño|Escobar|
Espiña|Esteban|Evangelista|Fajardo|Felicidad|Figueroa|Fontanilla|Francisco|Gabales|Galang|Gallardo|Gatbonton-Ruiz|
Gatdula|Geronimo|Gonzaga|Gumapac|Gumban|Guinto|Hadji Sarip|Hermosa|Herrera|Hilario|Ibañez|Ignacio|Ilagan|Inocencio|
Jacinto|Jamora|Javellana|Labrador|Lacsamana|Laguna|Lansangan|Lapuz|Laxamana|Leonardo|Liwanag|Llamas|Lozada|Lumapas|
Lumibao|Macabangon|Macadato|Macapaar|Macaraeg|Madrigal|Magbanua|Magpantay|Makabenta|Malabanan|Malonzo|Mamailao|
Manalastas|Manaloto|Mangubat|Mariano|Matulac|Maulana|Medina|Melendres|Mercado|Miranda|Montaño|Montemayor|Morales|
Muñoz|Nacario|Natividad|Navarro|Nepomuceno|Niñez|Nolasco|Noscal|Nuñez|Obispo|Ocampo|Ocaña|Olaguer|Olivares|Opeña|
Ordoñez|Ortega|Pacheco|Padilla-Uy|Pagaduan|Palma|Pamintuan|Pañares|Panganiban-Go|Paredes|Pascual|Patacsil|Peña|
Peñaflor|Peñaranda|Pineda|Poblete|Pumaren|Punzalan|Quiambao|Quijano|Quiñones|Rabanal|Ramilo|Rañola|Regalado|Resurreccion|
Riñon|Rivera|Robles|Romualdo|Rosales|Sabado|Sacdalan|Salcedo|Salvacion|Samonte|San Andres|San Juan|San Miguel|
Santa Ana|Santiago|Santos|Sarmiento|Saldaña|Sevilla|Silvestre|Simbulan|Soriano|Sumagang|Sumalpong|Tabuada|Tagalog|
Talaugon|Tampus|Tanedo|Tayag|Timbol|Tolentino|Torralba|Trinidad|Tumulak|Ugalde|Umali|Undag|Urbano|Usman|Valdez|
Valencia|Vasquez|Velasco|Vergara|Viernes|Villafuerte-Cruz|Villaluz|Villamor|Villareal|Viñas|Vitug|Yabut|Ybañez|
Yumul|Zabala|Zamora|Zaragoza|Zuñiga
"""

MEN = """
Aaron|Abdul Rahman|Adrian|Alden Roy|Alfredo|Allan Jay|Alvin|Andrei|Anton Luis|Arjay|Arnel|Benedict|Bernard|
Bryan|Carlo|Cedric|Christian Dave|Clarence|Cyrus|Daniel|Darwin|Dennis|Dexter|Dominic|Edgar|Edwin|Eljohn|Emmanuel|
Erwin|Ezekiel|Faisal|Felix|Francis Ian|Gabriel|Gerald|Gilbert|Glenn|Hamza|Harold|Harvey|Ian Kenneth|Isagani|Ivan|
Jaime|Jamil|Jan Carlo|Jason|Jayson|Jericho|Jerome|Jessie|Jethro|Joel|John Mark|John Paul|Jomar|Jonas|Joshua|
Juan Miguel|Julius|Junrey|Justine|Karl|Kenneth|Kevin|Kian|Lance|Leandro|Lester|Louie|Lyndon|Marc Joseph|Mario|
Mark Anthony|Marlon|Marvin|Michael|Nasrodin|Nathaniel|Neil|Nico|Niño|Noel|Norman|Omar|Oscar|Paolo|Patrick|
Paul Andrew|Raffy|Ramil|Randy|Raymart|Reymark|Reynaldo|Ricky|Rodel|Roland|Rolly|Romeo|Ronnel|Ruel|Ryan|Saidali|
Samuel|Santino|Sherwin|Steven|Tomas|Tristan|Vincent|Vladimir|Warren|Wilfredo|Xander|Yusoph|Zaldy
"""

WOMEN = """
Abegail|Aira Mae|Aisah|Althea|Alyssa|Amina|Analyn|Andrea|Angelica|Angeline|Anna Liza|April Joy|Arlene|Beatriz|
Bernadette|Bianca|Camille|Carla|Carmela|Catherine|Charlene|Cherry|Christine Joy|Clarissa|Cristina|Danica|Darlene|
Diana Rose|Divina|Donna|Eleanor|Eliza|Ella Marie|Erica|Estrella|Eunice|Faith|Fatima|Frances|Gemma|Geraldine|
Glaiza|Grace|Hannah|Hazel|Honeylyn|Irene|Irish|Ivy|Jamaica|Jane|Janelle|Jasmine|Jenelyn|Jennifer|Jessa Mae|
Jhoanna|Joanna|Jocelyn|Johaira|Joyce|Juliet|Karen|Katrina|Kimberly|Kristel|Kristine|Lady Anne|Leah|Leizel|Liezl|
Lorraine|Lovely|Ma. Teresa|Maricel|Maria Luisa|Marian|Maribel|Marjorie|Mary Ann|Mary Grace|Melanie|Michelle|
Mikaela|Monica|Nadia|Nathalie|Nerissa|Nicole|Nikki|Niña|Noraida|Norhana|Patricia|Pauline|Precious|Princess|Rachel|
Raihana|Regine|Rhea|Rica Mae|Roselyn|Rowena|Ruth|Sabrina|Saminah|Sheila|Shiela Mae|Sittie|Sofia|Stephanie|Tricia|
Trisha|Vanessa|Venus|Veronica|Vivian|Wendy|Yasmin|Yvonne|Zenaida|Zsarina
"""

TOWNS = ["San Amado", "Santa Esperanza", "Nueva Claridad", "Villa Serena", "Bagong Umaga", "Puerto Hiraya"]
BARANGAYS = [
    "Bukal na Bato", "Dalampasigan", "Kahilwayan", "Lambak", "Malinaw", "Mangga", "Niyugan", "Pantalan Daan",
    "Peña Blanca Uno", "Tabing Ilog", "Talisayan", "Tuburan Bago",
]  # fmt: skip
PROVINCE = "Hiraya del Sur"


def listed(block: str) -> list[str]:
    return [name.strip() for name in block.split("|")]


# Drawn at random these would name somebody whom people know.
KNOWN_PEOPLE = {
    ("Alyssa", "Valdez"), ("Arnel", "Pineda"), ("Bianca", "Umali"), ("Carla", "Abellana"),
    ("Daniel", "Padilla-Uy"), ("Gabriel", "Concepcion"), ("Jericho", "Rosales"),
    ("Kristine", "Hermosa"), ("Leah", "Navarro"), ("Marian", "Rivera"), ("Maricel", "Soriano"),
    ("Michelle", "Madrigal"), ("Nikki", "Valdez"), ("Noel", "Trinidad"),
    ("Randy", "Santiago"), ("Raymart", "Santiago"), ("Rhea", "Santos"), ("Romeo", "Vasquez"),
    ("Sherwin", "Ordoñez"), ("Sofia", "San Andres"), ("Wendy", "Valdez"),
}  # fmt: skip
