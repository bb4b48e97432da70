package catalog

import (
	"fmt"
	"maps"
	"slices"
)

// contents is what data/*.yaml holds.
type contents struct {
	commands []Command
	aliases  map[string]string
	presets  []Preset
}

// catalog makes the catalogue of it.
func (d *contents) catalog() *Catalog {
	c := New(d.commands...)
	c.aliases, c.presets = d.aliases, d.presets
	return c
}

// pack writes the contents.
func (d *contents) pack() []byte {
	c := &coder{writing: true, index: map[string]uint64{}}
	c.contents(d)
	return c.data
}

// unpack reads what pack wrote.
func unpack(data []byte) (*contents, error) {
	var d contents
	c := &coder{data: data}
	c.contents(&d)
	if c.failed || len(c.data) > 0 {
		return nil, fmt.Errorf("packed catalogue does not fit this program: run go generate in internal/catalog")
	}
	return &d, nil
}

func (c *coder) contents(d *contents) {
	list(c, &d.commands, c.command)
	names := slices.Sorted(maps.Keys(d.aliases))
	n := c.count(len(names))
	if !c.writing {
		d.aliases = make(map[string]string, n)
	}
	for i := range n {
		var name string
		if c.writing {
			name = names[i]
		}
		id := d.aliases[name]
		c.text(&name)
		c.text(&id)
		d.aliases[name] = id
	}
	list(c, &d.presets, func(p *Preset) {
		c.text(&p.Name)
		c.text(&p.Title)
		list(c, &p.Signals, c.text)
	})
}

func (c *coder) command(v *Command) {
	number(c, &v.Service)
	number(c, &v.ID)
	c.int(&v.IDBytes)
	c.text(&v.Name)
	c.int(&v.Length)
	c.address(&v.Header)
	c.address(&v.Reply)
	number(c, &v.Session)
	list(c, &v.Signals, c.signal)
	list(c, &v.Example.Data, func(b *byte) { number(c, b) })
	c.values(&v.Example.Values)
}

func (c *coder) signal(v *Signal) {
	c.text(&v.ID)
	c.text(&v.Name)
	c.text(&v.Unit)
	c.int(&v.Start)
	c.int(&v.Length)
	number(c, &v.Kind)
	c.bool(&v.Signed)
	c.bool(&v.LittleEndian)
	c.float(&v.Mul)
	c.float(&v.Div)
	c.float(&v.Add)
	c.float(&v.Min)
	c.float(&v.Max)
	c.bool(&v.Clamp)
	c.states(&v.States)
	c.int(&v.Support)
	c.condition(&v.When)
	list(c, &v.Mux, c.condition)
	list(c, &v.NotAvailable, c.interval)
}

func (c *coder) condition(v *Condition) {
	c.int(&v.Start)
	c.int(&v.Length)
	c.bool(&v.LittleEndian)
	list(c, &v.In, c.interval)
}

func (c *coder) interval(v *Range) {
	c.uint(&v.From)
	c.uint(&v.To)
}

// values codes an example's values: numbers, texts and null.
func (c *coder) values(v *map[string]any) {
	names := slices.Sorted(maps.Keys(*v))
	n := c.count(len(names))
	if !c.writing && n > 0 {
		*v = make(map[string]any, n)
	}
	for i := range n {
		var name string
		if c.writing {
			name = names[i]
		}
		c.text(&name)
		value := (*v)[name]
		c.value(&value)
		(*v)[name] = value
	}
}

func (c *coder) value(v *any) {
	const null, plainNumber, plainText = 0, 1, 2
	kind := uint64(null)
	f, isNumber := (*v).(float64)
	s, isText := (*v).(string)
	switch {
	case isNumber:
		kind = plainNumber
	case isText:
		kind = plainText
	}
	c.uint(&kind)
	switch kind {
	case plainNumber:
		c.float(&f)
		*v = f
	case plainText:
		c.text(&s)
		*v = s
	default:
		*v = nil
	}
}
