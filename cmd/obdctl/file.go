package main

import (
	"context"
	"io"
	"mime"
	"os"
	"path/filepath"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

func (a *app) file() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "file",
		Short: "Photos, recordings and other files of vehicles, scans and work orders",
		Long:  "file keeps copies of files in the database, each content once.",
		Args:  cobra.NoArgs,
	}
	cmd.AddCommand(a.fileAdd(), a.fileList(), a.fileGet())
	return cmd
}

func (a *app) fileAdd() *cobra.Command {
	var about subjectFlags
	var kind string
	cmd := &cobra.Command{
		Use:     "add FILE...",
		Short:   "Keep a copy of a file",
		Example: `  obdctl file add brake-left.jpg --vehicle focus --kind photo`,
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			doc := shopDocument{}
			for _, path := range args {
				f, err := a.putFile(cmd.Context(), path, kind, about)
				if err != nil {
					return err
				}
				doc.Files = append(doc.Files, f)
			}
			return a.showShop(doc, text.Files(doc.Files, "", a.textOptions(false)))
		},
	}
	about.add(cmd)
	cmd.Flags().StringVar(&kind, "kind", "photo", "photo, recording, report or other")
	completeFlag(cmd, "kind", "photo", "recording", "report", "other")
	return cmd
}

func (a *app) fileList() *cobra.Command {
	var about subjectFlags
	var page store.Page
	cmd := &cobra.Command{
		Use:   "list",
		Short: "The files, newest first",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var l store.List[fleet.File]
			err := a.view(cmd.Context(), func(tx store.Tx) error {
				subject, err := about.find(cmd.Context(), tx)
				if err == nil {
					l, err = tx.Files().List(cmd.Context(), subject, page)
				}
				return err
			})
			if err != nil {
				return err
			}
			return a.showShop(shopDocument{Files: l.Items, Next: l.Next}, text.Files(l.Items, l.Next, a.textOptions(false)))
		},
	}
	about.add(cmd)
	pageFlags(cmd, &page)
	return cmd
}

func (a *app) fileGet() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:     "get ID",
		Short:   "Write a kept file out again",
		Example: `  obdctl file get 0198c0de-1234 --out scan.obdrec`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.view(cmd.Context(), func(tx store.Tx) error { return a.getFile(cmd.Context(), tx, args[0], out) })
		},
	}
	cmd.Flags().StringVarP(&out, "out", "o", "", "the file to write, - for standard output (default: its own name, here)")
	return cmd
}

// getFile writes to a file that is not there yet, or to standard output.
func (a *app) getFile(ctx context.Context, tx store.Tx, words, out string) error {
	f, err := oneFile(ctx, tx, words)
	if err != nil {
		return err
	}
	content, err := tx.Files().Open(ctx, f.SHA256)
	if err != nil {
		return err
	}
	defer content.Close()
	if out == "-" {
		_, err := io.Copy(a.out, content)
		return err
	}
	if out == "" {
		out = filepath.Base(f.Name) // never a path that came from elsewhere
	}
	to, err := os.OpenFile(out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return errs.New(errs.Usage, "write file: %w", err).WithHint("choose another name by --out")
	}
	_, err = io.Copy(to, content)
	if err = firstError(err, to.Close()); err != nil {
		os.Remove(out)
		return errs.New(errs.Internal, "write file: %w", err)
	}
	a.notice(true, "wrote "+out)
	return nil
}

// oneFile finds a file by its id or the start of it.
func oneFile(ctx context.Context, tx store.Tx, words string) (fleet.File, error) {
	if id, err := uuid.Parse(words); err == nil {
		return tx.Files().Get(ctx, id)
	}
	var found []fleet.File
	for p := (store.Page{Limit: 1000}); ; {
		l, err := tx.Files().List(ctx, fleet.Subject{}, p)
		if err != nil {
			return fleet.File{}, err
		}
		for _, f := range l.Items {
			if len(words) >= 4 && len(f.ID.String()) >= len(words) && f.ID.String()[:len(words)] == words || f.SHA256 == words {
				found = append(found, f)
			}
		}
		if p.After = l.Next; p.After == "" {
			break
		}
	}
	switch len(found) {
	case 0:
		return fleet.File{}, errs.New(errs.BadInput, "no file is known as %q", words).WithHint("'obdctl file list' shows all")
	case 1:
		return found[0], nil
	}
	return fleet.File{}, errs.New(errs.Usage, "%q may be %d files", words, len(found)).WithHint("give more of the id")
}

// mediaType is a file's type by its name, for the browser or program that opens it later.
func mediaType(name string) string {
	if t := mime.TypeByExtension(filepath.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

func (a *app) putFile(ctx context.Context, path, kind string, about subjectFlags) (fleet.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return fleet.File{}, errs.New(errs.BadInput, "add file: %w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return fleet.File{}, errs.New(errs.BadInput, "add file: %s is a folder", path)
	}
	file := fleet.File{Name: filepath.Base(path), Type: mediaType(path), Kind: kind}
	err = a.update(ctx, func(tx store.Tx) (err error) {
		if file.Subject, err = about.find(ctx, tx); err != nil {
			return err
		}
		return tx.Files().Put(ctx, &file, f)
	})
	return file, err
}
