// Package html writes a document as one page that needs nothing else: no script, no other file, charts inside as SVG;
// it prints well, follows a dark screen and can be listened to.
package html

import (
	"bufio"
	_ "embed" // style.css
	"encoding/base64"
	"fmt"
	stdhtml "html"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/chart"
	"github.com/fleetms/obdctl/internal/chart/svg"
	"github.com/fleetms/obdctl/internal/report/document"
)

//go:embed style.css
var sheet string

// Write writes the document.
func Write(w io.Writer, d *document.Document) error {
	p := &printer{w: bufio.NewWriter(w), d: d}
	p.begin()
	p.head()
	for i := range d.Sections {
		if !d.Sections[i].Detail {
			p.section(&d.Sections[i])
		}
	}
	p.end()
	if p.err != nil {
		return p.err
	}
	return p.w.Flush()
}

// printer writes pieces of the page; errors of writing stay in w until the end.
type printer struct {
	w   *bufio.Writer
	d   *document.Document
	err error
}

// put writes a pattern; every string argument is escaped.
func (p *printer) put(pattern string, args ...any) {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = escape(s)
		}
	}
	fmt.Fprintf(p.w, pattern, args...)
}

func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' || r == 0x7F {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return stdhtml.EscapeString(s)
}

func (p *printer) begin() {
	d := p.d
	title := d.Title
	if d.Vehicle != nil {
		title += " – " + d.Vehicle.Title
	}
	p.put("<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n", d.Language)
	p.put("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"%s\">\n<title>%s</title>\n", d.Tool, title)
	p.w.WriteString("<style>\n" + sheet + inks(chart.Light()) + "@media (prefers-color-scheme: dark) {\n" + inks(chart.Dark()) + "}\n@media print {\n" + inks(chart.Light()) + "}\n")
	if d.Shop != nil && isColor(d.Shop.Color) {
		p.put(":root { --shop: %s; }\n", d.Shop.Color)
	}
	p.w.WriteString("</style>\n</head>\n<body>\n<div class=\"paper\">\n")
}

// inks are the colours of charts as classes.
func inks(all [chart.Inks]chart.RGB) string {
	var b strings.Builder
	for i, c := range all {
		fmt.Fprintf(&b, ".f%d{fill:#%02x%02x%02x}.s%d{stroke:#%02x%02x%02x}\n", i, c.R, c.G, c.B, i, c.R, c.G, c.B)
	}
	return b.String()
}

func isColor(s string) bool {
	if len(s) != 7 || s[0] != '#' {
		return false
	}
	_, err := strconv.ParseUint(s[1:], 16, 32)
	return err == nil
}

func (p *printer) head() {
	d := p.d
	p.w.WriteString("<header>\n")
	if s := d.Shop; s != nil {
		p.w.WriteString("<div class=\"shop\">")
		if s.Logo != nil {
			p.picture(s.Logo, s.Name, "logo")
		}
		p.put("<strong>%s</strong><address>", s.Name)
		for _, l := range append(append([]string{}, s.Lines...), s.Contact...) {
			p.put("<span>%s</span>", l)
		}
		p.w.WriteString("</address></div>\n")
	}
	sub := d.Subtitle
	if sub == "" {
		sub = d.Words.Date(d.Created.In(d.Zone))
	}
	p.put("<h1>%s</h1>\n<p class=\"sub\">%s</p>\n", d.Title, sub)
	if v := d.Vehicle; v != nil {
		p.put("<section class=\"vehicle\" aria-label=\"%s\"><div><h2>%s</h2>", d.Words.T("page.vehicle"), v.Title)
		p.facts(v.Facts)
		p.w.WriteString("</div>")
		if v.VIN != "" {
			p.code(v.VIN)
		}
		p.w.WriteString("</section>\n")
	}
	p.w.WriteString("</header>\n<main>\n")
}

func (p *printer) end() {
	p.w.WriteString("</main>\n<footer>\n")
	for _, f := range p.d.Foot {
		p.put("<p>%s</p>\n", f)
	}
	p.put("<p>%s</p>\n</footer>\n</div>\n</body>\n</html>\n",
		p.d.Words.T("page.made", "time", p.d.Words.DateTime(p.d.Created.In(p.d.Zone)), "tool", p.d.Tool))
}

func (p *printer) section(s *document.Section) {
	p.put("<section id=\"%s\"><h2>%s</h2>\n", s.ID, s.Title)
	for _, b := range s.Blocks {
		p.block(b)
	}
	p.w.WriteString("</section>\n")
}

func (p *printer) chart(c *chart.Chart) {
	p.w.WriteString("<figure>")
	err := svg.Write(p.w, c, svg.Options{Options: chart.Options{Words: p.d.Words, Zone: p.d.Zone}, Width: 760, Inline: true})
	if err != nil && p.err == nil {
		p.err = err
	}
	p.w.WriteString("</figure>\n")
}

func (p *printer) picture(pic *document.Picture, alt, class string) {
	if pic.Type != "image/png" && pic.Type != "image/jpeg" {
		return
	}
	p.put("<img class=\"%s\" alt=\"%s\" src=\"data:%s;base64,%s\">", class, alt, pic.Type, base64.StdEncoding.EncodeToString(pic.Data))
}

func iso(t time.Time) string { return t.UTC().Format(time.RFC3339) }
