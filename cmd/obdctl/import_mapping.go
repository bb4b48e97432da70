package main

import (
	"context"
	"io"

	"go.yaml.in/yaml/v3"

	"github.com/fleetms/obdctl/internal/importer"
	"github.com/fleetms/obdctl/internal/obd"
)

// dryKeeper reads everything and keeps nothing.
type dryKeeper struct{}

func (dryKeeper) keep(ctx context.Context, src importer.Source, o importer.Options, strict bool) (importer.Summary, error) {
	sum, err := importer.Run(ctx, src, o, nowhere{})
	if err == nil && strict && sum.Rejected+sum.Partial > 0 {
		sum.Notes = append(sum.Notes, errStrict.Error())
	}
	return sum, err
}

func (dryKeeper) close() error { return nil }

// nowhere is a sink that keeps nothing.
type nowhere struct{}

func (nowhere) Readings(context.Context, importer.Vehicle, []obd.Reading) (int, error) { return 0, nil }
func (nowhere) Scan(context.Context, importer.Vehicle, *obd.Scan, []byte) error        { return nil }

// writeMapping prints how the columns are understood as a mapping file that says the same.
func writeMapping(w io.Writer, sum importer.Summary) error {
	root := &yaml.Node{Kind: yaml.MappingNode, HeadComment: "How the columns of " + sum.Name + " are understood (" + sum.Format + "). Change what is wrong, leave out the rest."}
	put := func(to *yaml.Node, key string, value *yaml.Node, remark string) {
		value.LineComment = remark
		to.Content = append(to.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, value)
	}
	scalar := func(v string) *yaml.Node {
		n := &yaml.Node{}
		n.SetString(v)
		return n
	}
	columns := &yaml.Node{Kind: yaml.MappingNode}
	for _, c := range sum.Columns {
		switch c.Role {
		case "time", "date":
			key := map[string]string{"time": "column", "date": "date"}[c.Role]
			put(section(root, "time"), key, scalar(c.Title), "")
		case "vehicle", "driver", "vin":
			if c.Role != "driver" || section(root, "vehicle").Content == nil {
				put(section(root, "vehicle"), "column", scalar(c.Title), "")
			}
		case "trip":
			put(root, "trip", scalar(c.Title), "")
		case "signal", "text":
			remark := ""
			if !c.Known {
				remark = "not in the catalogue"
			}
			put(columns, c.Title, columnNode(c), remark)
		default:
			put(columns, c.Title, scalar("ignore"), c.Role)
		}
	}
	put(root, "columns", columns, "")
	enc := yaml.NewEncoder(w)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		return err
	}
	return enc.Close()
}

// section returns the mapping below a key, made when it is not there.
func section(root *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value == key {
			return root.Content[i+1]
		}
	}
	n := &yaml.Node{Kind: yaml.MappingNode}
	root.Content = append(root.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, n)
	return n
}

func columnNode(c importer.ColumnSummary) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	add := func(key, value string) {
		v := &yaml.Node{}
		v.SetString(value)
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, v)
	}
	add("signal", c.Signal)
	if c.FromUnit != "" {
		add("unit", c.FromUnit)
	}
	return n
}
