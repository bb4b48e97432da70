package xlsx

import (
	"github.com/xuri/excelize/v2"

	"github.com/fleetms/obdctl/internal/chart"
)

// plot is a native chart with where its data are.
type plot struct {
	title  string
	kind   excelize.ChartType
	series []excelize.ChartSeries
	y      string
	time   bool
}

// charts writes the data of the document's charts on one sheet and the native charts on another.
func (b *book) charts() error {
	var all []*chart.Chart
	for _, s := range b.d.Sections {
		for _, block := range s.Blocks {
			if c := block.Chart; c != nil && c.Kind != chart.Dials {
				if c.Title == "" {
					named := *c
					named.Title = s.Title
					c = &named
				}
				all = append(all, c)
			}
		}
	}
	if len(all) > 0 {
		if err := b.data(all); err != nil {
			return err
		}
	}
	if len(b.plots) == 0 {
		return nil
	}
	name := b.name(b.d.Words.T("page.chart"))
	if err := b.sheet(name); err != nil {
		return err
	}
	for i, p := range b.plots {
		at, err := excelize.CoordinatesToCellName(1, 1+i*20)
		if err != nil {
			return err
		}
		if err := b.f.AddChart(name, at, b.native(p)); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) native(p plot) *excelize.Chart {
	oneColor := false
	c := &excelize.Chart{
		Type: p.kind, Series: p.series, VaryColors: &oneColor,
		Title:     excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: clean(p.title)}}},
		Dimension: excelize.ChartDimension{Width: 900, Height: 360},
		Legend:    excelize.ChartLegend{Position: "bottom"},
		YAxis:     excelize.ChartAxis{MajorGridLines: true},
	}
	if p.y != "" {
		c.YAxis.Title = excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: clean(p.y)}}}
	}
	if p.time {
		c.XAxis.NumFmt = excelize.ChartNumFmt{CustomNumFmt: "yyyy-mm-dd hh:mm"}
	}
	if len(p.series) == 1 {
		c.Legend.Position = "none"
	}
	if p.kind == excelize.Bar {
		c.XAxis.ReverseOrder = true
	}
	return c
}

// data writes each chart's points in columns beside each other.
func (b *book) data(all []*chart.Chart) error {
	name := b.name(b.d.Words.T("page.chart_data"))
	if err := b.sheet(name); err != nil {
		return err
	}
	s, err := b.f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	var columns []column
	for _, c := range all {
		p := plot{title: c.Title, y: c.Y.Unit}
		var own []column
		switch c.Kind {
		case chart.Columns, chart.Limits:
			p.kind = excelize.Bar
			own = barColumns(c, b.d.Words.T("col.margin"))
		default:
			p.kind = excelize.Scatter
			p.time = c.X.Time
			own = b.xyColumns(c)
		}
		b.place(&p, own, name, len(columns))
		columns = append(columns, own...)
	}
	if err := b.write(s, columns); err != nil {
		return err
	}
	return s.Flush()
}

// place points the series of a plot at its columns.
func (b *book) place(p *plot, own []column, sheet string, from int) {
	x := 0
	for i, c := range own {
		if c.isX {
			x = i
			continue
		}
		if len(c.values) == 0 {
			continue
		}
		last := len(c.values) + 1
		series := excelize.ChartSeries{
			Name: cells(sheet, from+i, 1, from+i, 1), Categories: cells(sheet, from+x, 2, from+x, last), Values: cells(sheet, from+i, 2, from+i, last),
		}
		if p.kind == excelize.Scatter {
			series.Line = excelize.LineOptions{Type: excelize.LineSolid, Width: 1.5}
			series.Marker = excelize.ChartMarker{Symbol: "none"}
			if c.dots {
				series.Line.Type = excelize.LineNone
				series.Marker = excelize.ChartMarker{Symbol: "diamond", Size: 6}
			}
		}
		p.series = append(p.series, series)
	}
	if len(p.series) > 0 {
		b.plots = append(b.plots, *p)
	}
}

// write writes columns of different lengths as rows.
func (b *book) write(s *excelize.StreamWriter, columns []column) error {
	head, err := b.style(look{head: true, digits: -1})
	if err != nil {
		return err
	}
	date, err := b.style(look{date: true, digits: -1})
	if err != nil {
		return err
	}
	longest := 0
	row := make([]any, len(columns))
	for i, c := range columns {
		longest = max(longest, len(c.values))
		row[i] = excelize.Cell{StyleID: head, Value: clean(c.name)}
	}
	if err := s.SetColWidth(1, max(len(columns), 1), 20); err != nil {
		return err
	}
	if err := s.SetRow("A1", row); err != nil {
		return err
	}
	for n := range longest {
		row := make([]any, len(columns))
		for i, c := range columns {
			if n < len(c.values) {
				row[i] = c.values[n]
				if c.date {
					row[i] = excelize.Cell{StyleID: date, Value: c.values[n]}
				}
			}
		}
		at, err := excelize.CoordinatesToCellName(1, n+2)
		if err != nil {
			return err
		}
		if err := s.SetRow(at, row); err != nil {
			return err
		}
	}
	return nil
}
