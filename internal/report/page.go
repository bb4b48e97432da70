package report

import (
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/lang"
	"github.com/fleetms/obdctl/internal/report/document"
)

// page is a report in the making.
type page struct {
	in  Input
	o   Options
	w   *lang.Words
	doc *document.Document
	now *document.Section // the one being written
	// catalogue is set when texts of the catalogue, which are English, were used.
	catalogue bool
}

func newPage(name string, in Input, o Options) *page {
	p := &page{in: in, o: o, w: o.Words}
	key := strings.ReplaceAll(name, "-", "_")
	p.doc = &document.Document{
		Schema: document.Schema, Report: name,
		Title:    p.w.T("title." + key),
		Language: p.w.Tag(), Created: o.Now.UTC(), Tool: o.Tool,
		Shop: shop(o.Shop), Words: o.Words, Zone: o.Zone,
	}
	return p
}

func shop(s Shop) *document.Shop {
	if s.Name == "" && s.Address == "" && s.Phone == "" && s.Email == "" && s.Logo == nil {
		if s.Color == "" {
			return nil
		}
		return &document.Shop{Color: s.Color}
	}
	d := &document.Shop{Name: s.Name, Color: s.Color, Logo: s.Logo}
	for line := range strings.FieldsFuncSeq(s.Address, func(r rune) bool { return r == '\n' || r == ',' || r == ';' }) {
		if line = strings.TrimSpace(line); line != "" {
			d.Lines = append(d.Lines, line)
		}
	}
	for _, c := range []string{s.Phone, s.Email, s.Web} {
		if c != "" {
			d.Contact = append(d.Contact, c)
		}
	}
	return d
}

// t and n are the words of the report's language.
func (p *page) t(key string, pairs ...any) string        { return p.w.T(key, pairs...) }
func (p *page) n(key string, n int, pairs ...any) string { return p.w.N(key, n, pairs...) }

// section begins a chapter; what follows stands in it. Chapters that stay empty are left out in the end.
func (p *page) section(id string) {
	p.drop()
	p.doc.Sections = append(p.doc.Sections, document.Section{ID: id, Title: p.t("section." + id)})
	p.now = &p.doc.Sections[len(p.doc.Sections)-1]
}

// drop takes back the last chapter when nothing was written into it.
func (p *page) drop() {
	if n := len(p.doc.Sections); n > 0 && len(p.doc.Sections[n-1].Blocks) == 0 {
		p.doc.Sections = p.doc.Sections[:n-1]
	}
}

func (p *page) add(b document.Block) { p.now.Blocks = append(p.now.Blocks, b) }

func (p *page) say(words string)     { p.text(document.Body, words) }
func (p *page) lead(words string)    { p.text(document.Lead, words) }
func (p *page) heading(words string) { p.text(document.Heading, words) }
func (p *page) small(words string)   { p.text(document.Small, words) }

func (p *page) text(role document.Role, words string) {
	if words != "" {
		p.add(document.Block{Text: &document.Text{Words: words, Role: role}})
	}
}

// labelled is a paragraph behind a word that stands out.
func (p *page) labelled(key, words string) {
	p.add(document.Block{Text: &document.Text{Label: p.t(key), Words: words}})
}

func (p *page) list(ordered bool, items ...string) {
	if len(items) > 0 {
		p.add(document.Block{List: &document.List{Items: items, Ordered: ordered}})
	}
}

func (p *page) callout(level document.Level, title string, words ...string) {
	p.add(document.Block{Callout: &document.Callout{Level: level, Title: title, Words: words}})
}

// foot says what has to be said about the whole.
func (p *page) foot() {
	p.drop()
	if p.catalogue && p.w.Tag() != "en" {
		p.doc.Foot = append(p.doc.Foot, p.t("foot.catalogue"))
	}
	if s := p.anyScan(); s != nil {
		p.doc.Foot = append(p.doc.Foot, p.t("foot.method"))
	}
	if p.doc.Foot == nil {
		p.doc.Foot = []string{}
	}
}

func (p *page) local(t time.Time) time.Time { return t.In(p.o.Zone) }

// sentence begins a text with a capital letter and ends it with a period.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return s
	}
	s = capital(s)
	if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "!") && !strings.HasSuffix(s, "?") {
		s += "."
	}
	return s
}

func capital(s string) string {
	for i, r := range s {
		if i > 0 {
			return strings.ToUpper(s[:i]) + s[i:]
		}
		_ = r
	}
	return strings.ToUpper(s)
}
