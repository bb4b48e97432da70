package importer

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
)

func isTestCase(head []byte) bool {
	return bytes.Contains(head, []byte("test_cases:")) && (bytes.Contains(head, []byte("expected_values:")) || bytes.Contains(head, []byte("response:")))
}

// maxTestFile bounds a file of test cases, which is read as a whole.
const maxTestFile = 8 << 20

// testFile is a file of test cases as the OBDb project keeps them.
type testFile struct {
	CommandID string `yaml:"command_id"`
	Cases     []struct {
		Response string               `yaml:"response"`
		Expected map[string]yaml.Node `yaml:"expected_values"`
	} `yaml:"test_cases"`
}

// readTestCase takes the expected values of OBDb test cases as readings, one case a second.
func readTestCase(in *input, out *output) error {
	data, err := io.ReadAll(io.LimitReader(in.reader(), maxTestFile+1))
	if err != nil {
		return err
	}
	if len(data) > maxTestFile {
		return fmt.Errorf("a file of test cases is larger than %d MiB", maxTestFile>>20)
	}
	var f testFile
	if err := yaml.Unmarshal(data, &f); err != nil {
		return err
	}
	a := fileAnchor(out, preamble{})
	t := &traffic{out: out}
	if !a.ok {
		a.at = out.undated
	}
	t.sayClock(true, a.ok)
	b, err := out.batch(Vehicle{})
	if err != nil {
		return err
	}
	for i, c := range f.Cases {
		out.sum.Lines++
		taken := false
		for id, node := range c.Expected {
			taken = expected(out, b, a.at+int64(i)*1e6, id, node) || taken
		}
		if !taken {
			out.rejects.line(i+1, "the case has no expected value that can be kept: %s", clip(strings.TrimSpace(c.Response), 80))
			continue
		}
		out.sum.Rows++
		if err := out.room(); err != nil {
			return err
		}
	}
	return nil
}

func expected(out *output, b *batch, at int64, id string, node yaml.Node) bool {
	if len(id) > 4*maxID || node.Kind != yaml.ScalarNode {
		return false
	}
	name, unit, _ := describe(out.o.Catalog, id)
	s := out.signal(signal{id: id, name: name, unit: unit})
	e := entry{at: at, signal: s}
	if v, _, ok := (numerals{}).parse([]byte(node.Value)); ok && node.Tag != "!!str" {
		e.value = v
	} else {
		e.text = clip(node.Value, 200)
	}
	out.add(b, e)
	return true
}
