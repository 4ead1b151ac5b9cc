package text

// hard are the strings that ordinary toolkits set wrongly: scripts, numbers,
// brackets, addresses and emoji mixed in one paragraph.
var hard = []string{
	"أرسلت لك الملف report-v2.pdf (النسخة الأخيرة) قبل قليل.",
	"موعدنا الساعة 10:30 في Café de Flore، هل يناسبك؟",
	"He said \"السلام عليكم\" and then 25 others (including أحمد) replied.",
	"رقم الهاتف: +33 6 12 34 56 78 (مكتب باريس)",
	"مرحباً! 👋🏽 كيف حال العائلة 👨‍👩‍👧‍👦؟ 🇫🇷❤️",
	"שלום, נפגשים ב-15:00 ליד ה-Opéra (כניסה 3)?",
	"« Bonjour », dit-elle : « le code est 482 913 » — d’accord ?",
	"العقد رقم ٤٥/٢٠٢٦ بقيمة 1,250.50 € — موقّع.",
	"Ordre: C++ ثم Go (1.26) ثم Rust؛ ok?",
	"https://tacit.example/فهرس?q=سلام&n=3 رابط",
	"يا أحمد، version 2.7.1 of the client crashes when I open a long conversation that mixes العربية with English on several lines، هل تستطيع أن ترى السبب؟ (عاجل!)",
}
