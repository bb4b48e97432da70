// Package document is the neutral document that every report returns and every format renders: title, shop, vehicle,
// sections of text, facts, tables, charts and pictures.
//
// Its words are in the reader's language and its numbers in the reader's units already; cells keep number
// and time beside their text, so that spreadsheets get real values. It is written as obdctl.report/1.
package document

import (
	"iter"
	"time"

	"github.com/fleetms/obdctl/internal/chart"
	"github.com/fleetms/obdctl/internal/lang"
)

// Schema is the version of [Document]'s JSON. It only grows.
const Schema = "obdctl.report/1"

// Document is one report.
type Document struct {
	Schema   string    `json:"schema"`
	Report   string    `json:"report"` // "health"
	Title    string    `json:"title"`
	Subtitle string    `json:"subtitle,omitempty"`
	Language string    `json:"language"` // BCP 47
	Created  time.Time `json:"created"`
	Tool     string    `json:"tool"`

	Shop     *Shop     `json:"shop,omitempty"`
	Vehicle  *Vehicle  `json:"vehicle,omitempty"`
	Sections []Section `json:"sections"`
	Foot     []string  `json:"foot,omitempty"` // what has to be said about the whole

	// Words and Zone are what it was written in, for names that formats add themselves.
	Words *lang.Words    `json:"-"`
	Zone  *time.Location `json:"-"`
}

// Shop is who gives the report to whom.
type Shop struct {
	Name    string   `json:"name,omitempty"`
	Lines   []string `json:"lines,omitempty"` // address
	Contact []string `json:"contact,omitempty"`
	Color   string   `json:"color,omitempty"` // #RRGGBB
	Logo    *Picture `json:"-"`
}

// Vehicle is the head of a report about one vehicle.
type Vehicle struct {
	Title string `json:"title"`
	VIN   string `json:"vin,omitempty"` // drawn as barcode and QR where it can be
	Facts []Fact `json:"facts,omitempty"`
}

// Section is a chapter.
type Section struct {
	ID    string `json:"id"` // stable, such as "codes"
	Title string `json:"title"`
	Break bool   `json:"new_page,omitempty"`
	// Detail marks what only programs and spreadsheets want; pages for people leave it out.
	Detail bool    `json:"detail,omitempty"`
	Blocks []Block `json:"blocks"`
}

// Block is one part of a section. Exactly one field is set.
type Block struct {
	Text    *Text        `json:"text,omitempty"`
	List    *List        `json:"list,omitempty"`
	Callout *Callout     `json:"callout,omitempty"`
	Tiles   []Tile       `json:"tiles,omitempty"`
	Facts   []Fact       `json:"facts,omitempty"`
	Table   *Table       `json:"table,omitempty"`
	Chart   *chart.Chart `json:"chart,omitempty"`
	Picture *Picture     `json:"picture,omitempty"`
	Sign    []string     `json:"signatures,omitempty"` // what stands under each line
}

// Text is a paragraph.
type Text struct {
	Label string `json:"label,omitempty"` // stands out in front of the words
	Words string `json:"words"`
	Role  Role   `json:"role,omitempty"`
}

// Role is what a paragraph is for.
type Role string

// The roles.
const (
	Body    Role = ""
	Lead    Role = "lead"    // the sentence that says it all
	Heading Role = "heading" // a small heading inside a section
	Small   Role = "small"   // how it was worked out
)

// List is a list of sentences.
type List struct {
	Items   []string `json:"items"`
	Ordered bool     `json:"ordered,omitempty"`
}

// Callout is a verdict that nobody should miss.
type Callout struct {
	Level Level    `json:"level"`
	Title string   `json:"title"`
	Words []string `json:"words,omitempty"`
}

// Tile is one figure that matters.
type Tile struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Note  string `json:"note,omitempty"`
	Level Level  `json:"level,omitempty"`
}

// Fact is a name and its value.
type Fact struct {
	Name string `json:"name"`
	Cell
}

// Level says how good or bad something is.
type Level string

// The levels.
const (
	None     Level = ""
	Good     Level = "good"
	Info     Level = "info"
	Low      Level = "low"
	Medium   Level = "medium"
	High     Level = "high"
	Critical Level = "critical"
)

// Picture is an image with what it shows in words.
type Picture struct {
	Type    string  `json:"type"` // image/png or image/jpeg
	Data    []byte  `json:"data"`
	Alt     string  `json:"alt,omitempty"`
	Caption string  `json:"caption,omitempty"`
	Width   float64 `json:"width,omitempty"` // part of the page's width, 0 for what fits
}

// Table is rows of typed cells under heads.
type Table struct {
	ID      string   `json:"id"` // unique in the document, such as "codes"
	Title   string   `json:"title"`
	Columns []Column `json:"columns"`
	Rows    [][]Cell `json:"rows"`
	// Notes stand under rows, by the row's index: what is too long for a cell.
	Notes map[int]string `json:"notes,omitempty"`
	// Source yields the rows of a table that is too long for memory, in place of Rows. Formats made for people show
	// the first Shown of them and say so; those for programs and spreadsheets write all.
	Source iter.Seq2[[]Cell, error] `json:"-"`
	Shown  int                      `json:"-"`
	// Chart draws columns of the table where the format has charts of its own, such as a spreadsheet.
	Chart *TableChart `json:"-"`
}

// TableChart draws columns over the first one: by their index.
type TableChart struct {
	Title string
	X     int
	Y     []int
	Lines bool // else bars
}

// Column is the head of a column.
type Column struct {
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Unit   string  `json:"unit,omitempty"` // as people write it
	Kind   Kind    `json:"kind"`
	Digits int     `json:"digits,omitempty"` // behind the decimal sign, of numbers
	Weight float64 `json:"-"`                // of the width, where texts share what is left; 0 is 1
}

// Kind is what a column holds.
type Kind string

// The kinds.
const (
	Words  Kind = "text"
	Number Kind = "number"
	Time   Kind = "time"
	Badge  Kind = "badge"
	Code   Kind = "code" // trouble codes, addresses: never broken
)

// Cell is a value with its text. Text is what a person reads, without the column's unit.
type Cell struct {
	Text   string     `json:"text"`
	Number *float64   `json:"number,omitempty"`
	Unit   string     `json:"unit,omitempty"` // of this cell, where it is not the column's
	Time   *time.Time `json:"time,omitempty"`
	Level  Level      `json:"level,omitempty"`
	Strong bool       `json:"strong,omitempty"`
}

// String is the text with the cell's own unit.
func (c Cell) String() string {
	if c.Unit == "" || c.Text == "" {
		return c.Text
	}
	return c.Text + "\u00a0" + c.Unit
}

// Head is the title of a column with its unit.
func (c Column) Head() string {
	if c.Unit == "" {
		return c.Title
	}
	return c.Title + " [" + c.Unit + "]"
}
