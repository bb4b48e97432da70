package config

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/fleetms/obdctl/internal/errs"
)

// Set writes one setting into the file ("" for [DefaultPath]), which it makes where it is missing; an empty
// value removes it. Everything else in the file stays, comments too. The file is replaced in one step.
func Set(path, name, value string) error {
	s, err := Find(name)
	if err != nil {
		return err
	}
	read, err := s.read(value)
	if err != nil {
		return errs.New(errs.Usage, "%w", err)
	}
	if path == "" {
		path = DefaultPath()
	}
	data, err := readBounded(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errs.New(errs.Usage, "read configuration: %w", err)
	}
	if _, err := parse(path, data); err != nil {
		return err
	}
	root, err := document(path, data)
	if err != nil {
		return err
	}
	if root == nil {
		root = &yaml.Node{Kind: yaml.MappingNode, HeadComment: comments(data)}
	}
	var node yaml.Node
	if err := node.Encode(read); err != nil {
		return err
	}
	put(root, strings.Split(name, "."), &node, value == "")
	return replace(path, root)
}

// comments keeps a file that holds nothing else.
func comments(data []byte) string { return strings.TrimSpace(string(data)) }

// put sets or removes the value below the words of a name.
func put(at *yaml.Node, words []string, value *yaml.Node, remove bool) {
	for i := 0; i+1 < len(at.Content); i += 2 {
		if at.Content[i].Value != words[0] {
			continue
		}
		switch {
		case len(words) > 1:
			put(at.Content[i+1], words[1:], value, remove)
		case remove:
			at.Content = append(at.Content[:i], at.Content[i+2:]...)
		default:
			value.LineComment = at.Content[i+1].LineComment
			at.Content[i+1] = value
		}
		return
	}
	if remove {
		return
	}
	if len(words) > 1 {
		group := &yaml.Node{Kind: yaml.MappingNode}
		put(group, words[1:], value, false)
		value = group
	}
	at.Content = append(at.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: words[0]}, value)
}

func replace(path string, root *yaml.Node) error {
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if len(root.Content) > 0 {
		if err := enc.Encode(root); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return errs.New(errs.Usage, "write configuration: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".config-*")
	if err != nil {
		return errs.New(errs.Usage, "write configuration: %w", err)
	}
	defer os.Remove(f.Name()) // gone already when all went well
	_, err = f.Write(out.Bytes())
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errs.New(errs.Usage, "write configuration: %w", err)
	}
	return nil
}
