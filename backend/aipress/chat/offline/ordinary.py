"""Everyday words that mean nothing to us: they are never taken for a misspelt command or for the name of a site."""

ORDINARY: frozenset[str] = frozenset(
    """
recognise recognize recognised received receive recieved statement overwrite overwrites dangerous risky accountant act action acts administrator afraid alarm altogether ancient approved architect arrange arranged arrived arrives automation autumn
barn beans belong belongs belonged berlin bike birthday bookkeeper bounced bow browser browsers built burnt busiest catering commit complain
complained complaining confusing consumed cricket crumbs decide decided developer developers discount donated donation electricity english
everest experiment experiments factor fiddle firewall firm france garage grateful haha haiku handmade higher highest hole homework income
installation instructions insurer ketchup knit knitting landlord lapse lisbon mailbox meddled membership mess minimum moderate monthly yearly
nagging nasty nervous newer nicely notch occurred oldest optimisation outgrown overkill overwrite pancakes paypal pension photoshop physics
plain podcast pound practise prepare president pyramids quantum rank readers reckon record records redesign redesigned redoing registrar regret
regularly retire reveal revolution rip rome safely sandwich scared scarf scratch seo settings shelves shoot signal snap society source spanish
ssh stall student suggestion suppliers supplier supporters surf tariff telly thrown throwing ticket tidy ties tomorow treasurer trustee verse
volunteers wallet wits won woocommerce wtf omg behaving behaves strangely somewhere awkward annoyed annoying happily husband kids sister
brother mother father daughter son grandpa grandma neighbour boss invoice contract budget summer winter spring easter launch relaunch
campaign promo promotion discounted voucher wholesale retail invoice taxes receipts paperwork hairdresser dentist clinic surgery lawyer
charity parish church choir club society festival fair market fete jumble raffle ticketing tickets workshop class classes lesson lessons
course courses booking bookings reservation reservations opening hours holidays menu prices gallery portfolio photos pictures reinstall kidding internal external feels hubby mum dad granddaughter grandson drain awful designer emailed aipress a able about above absolutely across actually after afterwards again against ago ah ahead alone along already also although always am
among amount an and another answer any anybody anymore anyone anything anyway anywhere apart appear are area around as aside ask asked
at away awful baby bad bank bar bank based basically bday be beautiful because become been before behind being believe below beside
besides better between beyond bit black blame blue board body book boss both bottom box boy break breakfast brief briefly bright bring
broad brother brown building bunch business businesses but button by bye cafe came can car card care careful case cat catch caught center
central centre certain certainly chance character charity cheap cheers chief child children choice choose chrome church city class
classes client clients close closed club coffee cold college color colour com come comes coming common community company compare compared
competitor complete completely computer concern conference confused congrats consider considering consultant contact content continue cool
corner correct could country couple course cousin credit crew crowd current currently customer customers cut dad daily damn dance dark data
date dates daughter day days dead deal dear december decided decision deep definitely dentist depends desk desktop did die different
difficult dinner directly do doctor does dog dogs doing done door double doubt downtown dozen dream dress drink drive driver due during
each ear earlier early earth ease easily east easter easy eat effect eight either electrician else elsewhere empty end ended ends enough
entire entirely especially even evening event events ever every everybody everyone everything everywhere exact exactly example excellent
except excited expect expected explain extra extremely eye face fact fair fairly fall family fan fancy far farm fast father favor favour
favourite february feel feeling fellow felt festival few field final finally fine finger fire firefox first fish fit five flat floor flower
flowers folks follow following food foot football for force forever forget forgot forgotten form former forth forward found four free
french fresh friday friend friends from front full fully fun funny further future gallery game games garden gave general generally
german get gets getting gift girl give given gives giving glad glass go god goes going gold gone good google got grade grand great green
grooming ground group grow guess guest gun guy guys gym had hair half hall hand hands happen happened happening happens happy hard hardly
has hate have having he head health hear heard heart heavy held hell her here hers herself hey high highly hill him himself his history
hit hmm hobby hold holiday holidays home honest honestly hope hoping horse hospital hot hotel hour hours house how however huge human
hundred hurry husband i ice idea ideas if image immediately important in inbox including indeed inside instagram instance instead interest
interesting internet into is isn it item its itself january job jobs join july june just keen keep kept key kid kids kind kindly king
kitchen knew know known lad ladies lady land language laptop large last late lately later laugh law lawyer lawn lead learn learning
least leave leaves led left leg less lesson let lets letter letting level lie life light like liked likely line list listen literally little
live lived lives living ll lmao local lol london long longer look looked looking looks lord lot lots love lovely low luck lunch machine
mad made magic main mainly major make makes making man manager many march mark market marketing married master match mate matter may maybe me
mean meaning means meant meanwhile meet meeting member men mention mere message met middle might mile milk million mind mine minor minute
minutes miss missing mistake mix mobile mom moment monday money month months mood moon more morning most mostly mother mountain mouth move
moved movie much mum music must my myself name named near nearly necessarily necessary need needed needs neighbour neither never new news
next nice night nine no nobody none noon nor normal normally north nose not nothing notice noticed november now nowhere number october odd
of off offer office often oh okay old older on once one ones online only onto oops open or orange order other others otherwise ought our
ours out outside over own owner page paint pair paper parent parents park part particular partner party pass past pay peak people per
perfect perhaps period person personal pet phone photo photographer photography physical piece pizza place plan plans plant play played
please plenty plumber plumbing plus point police poor popular position possible possibly post potential power practically practice
practice prefer preferably present pretty previous previously private probably problem product products project promise proper properly
provide public purpose put queen question questions quick quickly quiet quite rain random rather reach read ready real reality really
reason reasonable recent recently red regard regarding regards regular related relation relax remember remote rent reply request rest
restaurant result results rich rid ride right ring river road rock room round ruin rule run running sad safari safe said sale sales salon
same sand saturday saw say saying says school science screen script sea search season seat second secret section secure see seem seems
seen self send sense sent september serious seriously service services session set seven several shall she short should shoulder show
shown sick side sign silly similar simple simply since sing single sir sister sit situation six size skin sky sleep slightly slow small
smart so social soft sold some somebody somehow someone something sometime sometimes somewhere son song soon sorry sort sound south space
speak special specific spring staff stage stand standard star start state station stay steady step still stood stop stopped story straight
strange street strong studio stuff stupid style such suddenly sugar summer sun sunday super supposed sure surely surprise sweet swear
system table take taken takes taking talk talking tall tea teach teacher team tell ten tend term terms test text than thank thanks that
the their theirs them themselves then there therefore these they thing things think thinking third this those though thought thousand
three through throughout thursday thus till time times tiny tip tired to today together told tomorrow tonight too took top total totally
touch tough toward towards town track trade traffic train travel tree tried trip truck true truly trust truth try trying tuesday turn
turned tv twelve twenty twice two type typical ugh under understand unfortunately unless unlike until up upon upset upstairs us use used
user users uses using usual usually vacation valentine various very via video view village visit visitor visitors voice wait waiting wake
walk wall want wanted wants war warm was wash watch water way ways we weather web wedding wednesday week weekend weeks weird welcome well
went were west wet what whatever when whenever where wherever whether which while white who whoever whole whom whose why wide wife wild will
win wind window winter wise wish with within without woman women wonder wonderful wondering wood word words wore work worked working works
world worry worse worst worth would wow write writing wrong yeah year years yellow yes yesterday yet you young your yours yourself youtube
zero christmas xmas halloween easter android iphone ipad mac windows linux edge bing facebook twitter tiktok agency freelancer nephew uncle
aunt bakery baker butcher florist barber bookshop cafe restaurant hairdresser yoga band choir museum library shopify wix squarespace
functions readme deploying tested testing hosted hosting server servers provider please asap urgent urgently bro dude mister ma'am
shall thorough temporary temporarily permanent permanently accidentally accident accidental mistakenly mistaken undone gracefully
possible impossible forbidden sudden suddenly instantly instant whatsoever anyhow somewhat roughly approximately basically literally
colleague colleagues assistant robot bot computer ai chatbot intern employee employees team teams manager lads folks everybody
launch shut shutting pause paused suspend suspended freeze frozen hide hidden disable disabled lock locked block blocked maintenance
mode ban banned invite invited share shared grant granted revoke revoked transfer transferred merge split import imported export exported
download downloaded upload uploaded install installed uninstall deactivate deactivated activate activated archive archived
subscription relate related deplete deleted detail details delegate deletion deletions select selects relay relays repeat depend depends
resolve response respond responds report reports remind reminds reminder remain remains removal removals removable
backing background backwards bake baked barely base basic basis beach bear beat bed beer bell belt bend bet bill bird birth bite bitter
blind blood blow boat bone bonus boot border bored born borrow bother bowl brain branch brand bread breath brick bridge brush bug burn bus
busy butter buyer cake call calm camera camp candle candy cap capital career carpenter carry cash ceiling cell cent century chain chair
chart chat cheese chef chicken chip chocolate circle clay clean clever climb clock cloth clothes cloud coach coast coat code coin collar
comb comfort copper copy corn cost cotton count cousin cover cow craft cream crown cry cup curtain cycle dad dairy damage danger desert
design detail diamond diet dig dirt dish doll dolphin dot drag draw drawer drop drum dry duck dust duty eagle edit egg elbow elephant
engine equal error exam exercise exit fabric factory fail faith fashion fat fear feather fence fever film find fix flag flame flash flight
float flood flour fluid fly fog fold fool forest fork fox frame freedom frog fruit fuel gap gas gate gentle ghost giant ginger goal goat
golden grape grass gray grey guide guitar habit hammer handle harbor harbour harvest hat hawk heat heaven height helmet herb hero hide
honey honour hook hope horn host hub hunt hut ink iron island jacket jam jar jazz jewel juice jump jungle jury kettle kick king kiss kite
kitten knee knife knock lab lace ladder lake lamp lantern layer leaf lemon lend lens lion lip liquid lock log logic loop lose loss loud
lower lunch lung luxury magnet mail map maple marble mask mass meal meat medal media medicine melt menu metal mine mint mirror mist model
modern mop moss motor mouse mud muscle mushroom nail narrow nature navy neck needle nephew nest net noise noodle nurse nut oak oak ocean
oil olive onion opera orchard organ oven owl ox pack paddle palm pan panda parrot party paste path patient peace peach pear pearl pen
pencil pepper piano pie pig pilot pin pine pink pipe plate pocket poem poet pole pond pony pool port pot potato pottery powder prince
print prize proof pump puppy purple purse puzzle rabbit race radio rail ranch rat raw ray rice riddle rifle rise risk roast robin roof
root rope rose royal rug sack saddle sail salad salmon salt sauce saw scale scene score seal seed sell shade shadow shape shark sharp
sheep sheet shelf shell shine shirt shoe shore shot shower shy silk silver skate ski skill skirt slice slide slip smell smile smoke
smooth snack snake snow soap sock soil soldier soul soup spice spider spin spirit spoon sport spot square stable stair stamp steak steam
steel stick stitch stone storm stove straw stream string stripe studio sugar suit swan swim sword tail tale tank tape target task taste
tax taxi tent theatre thick thin thread thumb thunder tide tiger tile timber toast toe tomato tongue tool tooth torch tower toy trail
trap tray treat trick truck tube tune turkey turtle twin uniform union valley van vase vegetable velvet vine violin volume wagon wave
wax wealth weapon wheel whisper wing wire wolf wool worm wrist yard yarn youth
""".split()
)
