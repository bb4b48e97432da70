package html

import (
	"github.com/boombuler/barcode/qr"

	"github.com/fleetms/obdctl/internal/report/document"
)

func (p *printer) block(b document.Block) {
	switch {
	case b.Text != nil:
		p.text(b.Text)
	case b.List != nil:
		tag := "ul"
		if b.List.Ordered {
			tag = "ol"
		}
		p.w.WriteString("<" + tag + ">")
		for _, item := range b.List.Items {
			p.put("<li>%s</li>", item)
		}
		p.w.WriteString("</" + tag + ">\n")
	case b.Callout != nil:
		p.callout(b.Callout)
	case b.Tiles != nil:
		p.tiles(b.Tiles)
	case b.Facts != nil:
		p.facts(b.Facts)
	case b.Table != nil:
		p.table(b.Table)
	case b.Chart != nil:
		p.chart(b.Chart)
	case b.Picture != nil:
		p.put("<figure>")
		p.picture(b.Picture, b.Picture.Alt, "photo")
		p.put("<figcaption>%s</figcaption></figure>\n", b.Picture.Caption)
	case b.Sign != nil:
		p.put("<div class=\"sign\">")
		for _, s := range b.Sign {
			p.put("<span>%s</span>", s)
		}
		p.put("</div>\n")
	}
}

func (p *printer) text(t *document.Text) {
	switch t.Role {
	case document.Heading:
		p.put("<h3>%s</h3>\n", t.Words)
	case document.Lead, document.Small:
		p.put("<p class=\"%s\">%s</p>\n", string(t.Role), t.Words)
	default:
		if t.Label != "" {
			p.put("<p><strong>%s</strong> %s</p>\n", t.Label, t.Words)
			return
		}
		p.put("<p>%s</p>\n", t.Words)
	}
}

// signs stand before levels, so that nothing rests on colour alone.
var signs = map[document.Level]string{
	document.Good: "✓", document.Info: "i", document.Low: "!", document.Medium: "!", document.High: "!", document.Critical: "!!",
}

func class(l document.Level) string {
	if l == document.None {
		return "none"
	}
	return string(l)
}

func (p *printer) callout(c *document.Callout) {
	p.put("<div class=\"callout %s\" role=\"note\"><span class=\"sign-of\" aria-hidden=\"true\">%s</span><div><p class=\"verdict\">%s</p>", class(c.Level), signs[c.Level], c.Title)
	for _, w := range c.Words {
		p.put("<p>%s</p>", w)
	}
	p.put("</div></div>\n")
}

func (p *printer) tiles(list []document.Tile) {
	p.put("<div class=\"tiles\">")
	for _, t := range list {
		p.put("<div class=\"tile %s\"><span class=\"name\">%s</span><span class=\"value\">%s</span><span class=\"hint\">%s</span></div>", class(t.Level), t.Name, t.Value, t.Note)
	}
	p.put("</div>\n")
}

func (p *printer) facts(list []document.Fact) {
	p.put("<dl>")
	for _, f := range list {
		p.put("<div><dt>%s</dt><dd>%s</dd></div>", f.Name, f.String())
	}
	p.put("</dl>\n")
}

// table writes a table in a frame that scrolls by itself on a small screen.
func (p *printer) table(t *document.Table) {
	rows, more, err := t.Head()
	if err != nil && p.err == nil {
		p.err = err
	}
	p.put("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table id=\"table-%s\"><thead><tr>", t.Title, t.ID)
	for _, c := range t.Columns {
		p.put("<th scope=\"col\" class=\"%s\">%s</th>", string(c.Kind), c.Head())
	}
	p.put("</tr></thead><tbody>\n")
	for i, r := range rows {
		p.put("<tr>")
		for n := range min(len(r), len(t.Columns)) {
			p.cell(r[n], t.Columns[n])
		}
		p.put("</tr>\n")
		if note := t.Notes[i]; note != "" {
			p.put("<tr class=\"note\"><td colspan=\"%d\">%s</td></tr>\n", len(t.Columns), note)
		}
	}
	p.put("</tbody></table></div>\n")
	if more {
		p.put("<p class=\"small\">%s</p>\n", p.d.Words.N("page.more", t.Shown))
	}
}

func (p *printer) cell(c document.Cell, of document.Column) {
	p.put("<td class=\"%s\">", string(of.Kind))
	switch {
	case of.Kind == document.Badge && c.Level != document.None:
		p.put("<span class=\"badge %s\"><span aria-hidden=\"true\">%s</span> %s</span>", class(c.Level), signs[c.Level], c.String())
	case c.Time != nil:
		p.put("<time datetime=\"%s\">%s</time>", iso(*c.Time), c.Text)
	case c.Strong:
		p.put("<strong>%s</strong>", c.String())
	default:
		p.put("%s", c.String())
	}
	p.put("</td>")
}

// code draws a text as QR code (ISO/IEC 18004).
func (p *printer) code(text string) {
	square, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return
	}
	n := square.Bounds().Dx()
	p.put("<svg class=\"qr\" role=\"img\" aria-label=\"%s\" viewBox=\"-2 -2 %d %d\" shape-rendering=\"crispEdges\"><rect x=\"-2\" y=\"-2\" width=\"100%%\" height=\"100%%\" fill=\"#fff\"/><path d=\"", text, n+4, n+4)
	for y := range n {
		for x := range n {
			if r, _, _, _ := square.At(x, y).RGBA(); r < 0x8000 {
				p.put("M%d %dh1v1h-1z", x, y)
			}
		}
	}
	p.put("\"/></svg>")
}
