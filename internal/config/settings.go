package config

// Config is the whole configuration. Zero values mean "not set".
type Config struct {
	Adapter  string   `koanf:"adapter"`  // address, "auto" when empty
	Units    string   `koanf:"units"`    // metric or imperial
	Color    string   `koanf:"color"`    // auto, always or never
	Language string   `koanf:"language"` // of reports and the workstation: en, de, es or fr
	Theme    string   `koanf:"theme"`    // of the workstation: auto, dark, light, contrast or none
	Linear   bool     `koanf:"linear"`   // the workstation writes lines for a screen reader
	Zone     string   `koanf:"zone"`     // IANA name, "" for the computer's
	DB       string   `koanf:"db"`       // the database file
	Save     bool     `koanf:"save"`     // every scan is kept
	Key      string   `koanf:"key"`      // where the key of an encrypted database is: keyring, prompt or a file
	Signals  []string `koanf:"signals"`  // files or folders with signal sets
	Codes    []string `koanf:"codes"`    // CSV files with trouble codes
	Shop     Shop     `koanf:"shop"`
	Report   Report   `koanf:"report"`
	Predict  Predict  `koanf:"predict"`
}

// Shop is what stands at the head of a report.
type Shop struct {
	Name    string `koanf:"name"`
	Address string `koanf:"address"`
	Phone   string `koanf:"phone"`
	Email   string `koanf:"email"`
	Web     string `koanf:"web"`
	Logo    string `koanf:"logo"`  // PNG or JPEG file
	Color   string `koanf:"color"` // #RRGGBB
}

// Report is how reports are made.
type Report struct {
	Paper  string `koanf:"paper"`  // a4 or letter
	Format string `koanf:"format"` // pdf, xlsx, html, csv, json or md
}

// Predict is what follows from predictions.
type Predict struct {
	Order string `koanf:"order"` // urgency from which a work order is opened by itself: never, soon or now
}

// Setting is one thing that can be set, by its name in the file. The environment has it as [Setting.Env].
type Setting struct {
	Name    string
	Text    string // for people
	Default string
	Allowed []string // nil for any
	List    bool
	Bool    bool
}

// Settings lists all settings, in the order of the documentation.
func Settings() []Setting {
	return []Setting{
		{Name: "adapter", Text: "address of the adapter, see 'obdctl --help'", Default: "auto"},
		{Name: "units", Text: "units of text and reports", Default: "metric", Allowed: []string{"metric", "imperial"}},
		{Name: "color", Text: "colours on the terminal", Default: "auto", Allowed: []string{"auto", "always", "never"}},
		{Name: "language", Text: "language of reports and of the workstation", Default: "en", Allowed: []string{"en", "de", "es", "fr"}},
		{Name: "theme", Text: "colours of the workstation; none uses weight and underline alone", Default: "auto", Allowed: []string{"auto", "dark", "light", "contrast", "none"}},
		{Name: "linear", Text: "the workstation writes plain lines, for screen readers", Default: "false", Bool: true},
		{Name: "zone", Text: "time zone of reports and of logs that name none, such as Europe/Berlin; empty for the computer's"},
		{Name: "db", Text: "the database file; empty for the system's place of application data"},
		{Name: "save", Text: "keep every scan in the database", Default: "true", Bool: true},
		{Name: "key", Text: "where the key of an encrypted database is: keyring, prompt or file:PATH", Default: "keyring"},
		{Name: "signals", Text: "signal sets: own YAML, OBDb v3 JSON or DBC, files or folders", List: true},
		{Name: "codes", Text: "own trouble codes, CSV files", List: true},
		{Name: "shop.name", Text: "name at the head of reports"},
		{Name: "shop.address", Text: "address at the head of reports; lines by \\n"},
		{Name: "shop.phone", Text: "telephone number in reports"},
		{Name: "shop.email", Text: "e-mail address in reports"},
		{Name: "shop.web", Text: "web address in reports"},
		{Name: "shop.logo", Text: "PNG or JPEG file with the logo of reports"},
		{Name: "shop.color", Text: "colour of reports, #RRGGBB"},
		{Name: "report.paper", Text: "paper of PDF reports", Default: "a4", Allowed: []string{"a4", "letter"}},
		{Name: "report.format", Text: "format of reports where neither --format nor the file's name says it", Default: "pdf", Allowed: []string{"pdf", "xlsx", "html", "csv", "json", "md"}},
		{Name: "predict.order", Text: "urgency from which a prediction opens a work order by itself", Default: "never", Allowed: []string{"never", "now", "soon"}},
	}
}
