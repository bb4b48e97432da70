package pdf

import (
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/report/document"
)

// firstPage sets the head of the whole: shop, title, vehicle.
func (s *sheet) firstPage() {
	s.turn()
	s.decor(func() { s.box(0, 0, s.width, 6, s.accent) })
	s.y = 30
	if s.d.Shop != nil {
		s.shop(s.d.Shop)
	}
	s.title()
	if s.d.Vehicle != nil {
		s.vehicle(s.d.Vehicle)
	}
}

// shop sets logo or name on the left, address and contact on the right.
func (s *sheet) shop(shop *document.Shop) {
	top := s.y
	const logoHigh, logoWide = 42, 190
	bottom := top
	small := style{size: 8.2, color: muted}
	half := (s.right - s.left) / 2
	x := s.left
	if shop.Logo != nil {
		s.leaf("Figure", shop.Name, func() {
			w, h := s.picture(shop.Logo, x, top, logoWide, logoHigh)
			if w > 0 {
				x += w + 12
				bottom = top + h
			}
		})
	}
	if shop.Name != "" {
		s.leaf("P", "", func() {
			s.one(x, top+17, s.left+half*1.15-x, shop.Name, style{size: 15, strong: true, color: s.accent})
		})
		bottom = max(bottom, top+24)
	}
	y := top + 8
	lines := append(append([]string{}, shop.Lines...), shop.Contact...)
	if len(lines) > 0 {
		s.leaf("P", "", func() {
			for _, l := range lines[:min(len(lines), 6)] {
				s.oneRight(s.right, y, half*0.82, l, small)
				y += 11
			}
		})
	}
	s.y = max(bottom, y-6) + 14
	s.decor(func() { s.line(s.left, s.y, s.right, s.y, hairline, 0.7) })
	s.y += 8
}

func (s *sheet) title() {
	big := style{size: 25, strong: true, color: ink}
	s.leaf("H1", "", func() {
		s.y += big.size * 1.15
		s.one(s.left, s.y, s.right-s.left, s.d.Title, big)
	})
	s.f.Bookmark(clean(s.d.Title, nil), 0, 0)
	sub := s.d.Subtitle
	if sub == "" {
		sub = s.d.Words.Date(s.d.Created.In(s.d.Zone))
	}
	s.leaf("P", "", func() {
		s.y += 17
		s.one(s.left, s.y, s.right-s.left, sub, style{size: 10.5, color: muted})
	})
	s.y += 12
}

// vehicle sets the card of the vehicle: what it is, its VIN as barcode and QR, the facts in a grid.
func (s *sheet) vehicle(v *document.Vehicle) {
	const pad, columns = 14.0, 4
	facts := make([]document.Fact, 0, len(v.Facts))
	for _, f := range v.Facts {
		if f.Text != v.VIN || v.VIN == "" {
			facts = append(facts, f)
		}
	}
	facts = facts[:min(len(facts), 5*columns)]
	rows := (len(facts) + columns - 1) / columns
	headHigh := 58.0
	if v.VIN == "" {
		headHigh = 24
	}
	high := pad*2 + headHigh + float64(rows)*27 - 6
	top := s.y
	s.decor(func() {
		s.round(s.left, top, s.right-s.left, high, 6, paleGrey, nil)
		s.round(s.left, top, 4, high, 2, s.accent, nil)
	})
	s.vehicleName(v, s.left+pad+4, top+pad)
	x, width := s.left+pad+4, (s.right-s.left-2*pad-4)/columns
	for i, f := range facts {
		fx := x + float64(i%columns)*width
		fy := top + pad + headHigh + float64(i/columns)*27
		s.leaf("P", "", func() { s.fact(fx, fy, width-8, f) })
	}
	s.y = top + high + 8
}

func (s *sheet) fact(x, y, width float64, f document.Fact) {
	s.one(x, y+8, width, f.Name, style{size: 7.2, color: muted})
	s.fitted(x, y+19, width, f.String(), style{size: 9.4, color: ink})
}

// vehicleName sets the vehicle's title and VIN with its two codes.
func (s *sheet) vehicleName(v *document.Vehicle, x, y float64) {
	codes := 0.0
	if v.VIN != "" {
		s.leaf("Figure", "VIN "+clean(v.VIN, nil), func() { codes = s.vinCodes(v.VIN, s.right-14, y) })
	}
	width := s.right - 14 - codes - x - 10
	s.leaf("P", "", func() {
		name := style{size: 14.5, strong: true, color: ink}
		s.one(x, y+13, width, v.Title, name)
		if v.VIN != "" {
			s.one(x, y+27, width, s.d.Words.T("page.scan_code"), style{size: 7.2, color: muted})
			s.one(x, y+40, width, v.VIN, style{size: 12, color: ink})
		}
	})
}

// runningHead says on every further page whose report this is.
func (s *sheet) runningHead() {
	s.decor(func() {
		s.box(0, 0, s.width, 3, s.accent)
		t := style{size: 8, color: muted}
		half := (s.right - s.left) / 2
		s.one(s.left, 36, half-10, s.d.Title, style{size: 8, strong: true, color: s.accent})
		if v := s.d.Vehicle; v != nil {
			name := v.Title
			if v.VIN != "" && v.VIN != v.Title {
				name += " · " + v.VIN
			}
			s.oneRight(s.right, 36, half-10, name, t)
		} else if s.d.Subtitle != "" {
			s.oneRight(s.right, 36, half-10, s.d.Subtitle, t)
		}
		s.line(s.left, 43, s.right, 43, hairline, 0.6)
	})
}

// runningFoot says by whom, when and which page.
func (s *sheet) runningFoot() {
	s.decor(func() {
		y := s.height - 34
		s.line(s.left, y-12, s.right, y-12, hairline, 0.6)
		t := style{size: 7.6, color: muted}
		made := s.d.Words.T("page.made", "time", s.d.Words.DateTime(s.d.Created.In(s.d.Zone)), "tool", s.d.Tool)
		if s.d.Shop != nil && s.d.Shop.Name != "" {
			made = s.d.Shop.Name + " · " + made
		}
		page := s.d.Words.T("page.number", "page", s.f.PageNo(), "pages", s.total)
		s.one(s.left, y, s.right-s.left-90, made, t)
		s.oneRight(s.right, y, 80, page, t)
	})
}

// foot ends the document with what has to be said about the whole.
func (s *sheet) foot() {
	if len(s.d.Foot) == 0 {
		return
	}
	t := style{size: 7.8, color: muted}
	text := strings.Join(s.d.Foot, " ")
	high := float64(len(s.wrap(text, s.right-s.left, t))) * t.line()
	s.y += 16
	s.room(high + 4)
	s.decor(func() { s.line(s.left, s.y, s.left+60, s.y, s.accent, 1) })
	s.y += 4
	s.flow("P", s.left, s.right-s.left, text, t)
}

// flow is a paragraph that may go over pages, as one element.
func (s *sheet) flow(role string, x, width float64, text string, t style) {
	e := s.tags.open(role)
	defer s.tags.close()
	lines := s.wrap(text, width, t)
	for len(lines) > 0 {
		s.room(t.line())
		n := max(min(int(s.fit()/t.line()+1e-6), len(lines)), 1)
		s.mark(e, func() {
			for _, l := range lines[:n] {
				s.y += t.line()
				s.put(x, s.y-t.size*0.32, l, t)
			}
		})
		lines = lines[n:]
	}
}

// fail remembers the first error; what follows still runs, so that no caller has to ask after each stroke.
func (s *sheet) fail(what string, err error) {
	if err != nil && s.err == nil {
		s.err = fmt.Errorf("%s: %w", what, err)
	}
}
