package sqlstore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"io"
	"strings"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

const fileColumns = `id, vehicle_id, scan_id, order_id, sha256, name, type, size, kind, created, updated, rev, deleted`

func scanFile(r scanner) (f fleet.File, err error) {
	return f, r.Scan(blob{&f.ID}, maybeBlob{&f.VehicleID}, maybeBlob{&f.ScanID}, maybeBlob{&f.OrderID}, &f.SHA256, &f.Name, &f.Type, &f.Size, &f.Kind,
		instant{&f.Created}, instant{&f.Updated}, &f.Rev, maybeInstant{&f.Deleted})
}

// piece is how much of a file one row holds: large enough to compress well, small enough to read a part.
const piece = 256 << 10

func (t files) Put(ctx context.Context, f *fleet.File, content io.Reader) error {
	if err := t.belongs(ctx, &f.Subject); err != nil {
		return err
	}
	if err := t.keep(ctx, f, content); err != nil {
		return err
	}
	same, err := collect(ctx, t.tx, `SELECT `+fileColumns+` FROM files WHERE tenant_id = ? AND sha256 = ? AND name = ?
		AND vehicle_id IS ? AND scan_id IS ? AND order_id IS ? AND deleted IS NULL`,
		[]any{t.tenant[:], f.SHA256, f.Name, keyOf(f.VehicleID), keyOf(f.ScanID), keyOf(f.OrderID)}, scanFile)
	if err != nil {
		return err
	}
	if len(same) > 0 {
		*f = same[0]
		return nil
	}
	f.Rev = 0
	if err := t.begin(ctx, "files", "file", &f.Mark); err != nil {
		return err
	}
	err = t.exec(ctx, `INSERT INTO files (tenant_id, id, vehicle_id, scan_id, order_id, sha256, name, type, size, kind, created, updated, rev) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.tenant[:], f.ID[:], keyOf(f.VehicleID), keyOf(f.ScanID), keyOf(f.OrderID), f.SHA256, f.Name, f.Type, f.Size, f.Kind, stamp(f.Created), stamp(f.Updated), f.Rev)
	if err != nil {
		return err
	}
	if err := t.index(ctx, entry{kind: "file", id: f.ID, vehicle: orNil(f.VehicleID), at: f.Created, title: f.Name, body: f.Kind + " " + f.Type}); err != nil {
		return err
	}
	return t.changed(ctx, "file", f.ID, "put")
}

// keep writes the pieces under a name of their own until the hash is known, so that content of any size is read once.
func (t files) keep(ctx context.Context, f *fleet.File, content io.Reader) error {
	draft, err := uuid.NewV7()
	if err != nil {
		return err
	}
	name := "draft:" + draft.String()
	hash := sha256.New()
	buffer := make([]byte, piece)
	f.Size = 0
	for nth := 0; ; nth++ {
		n, err := io.ReadFull(content, buffer)
		if n > 0 {
			hash.Write(buffer[:n])
			f.Size += int64(n)
			packed := pack(buffer[:n])
			if err := t.exec(ctx, `INSERT INTO file_pieces (tenant_id, sha256, nth, packed, data) VALUES (?, ?, ?, ?, ?)`, t.tenant[:], name, nth, packed[0], packed); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return errs.New(errs.BadInput, "read %s: %w", f.Name, err)
		}
	}
	f.SHA256 = hex.EncodeToString(hash.Sum(nil))
	if err := t.exec(ctx, `UPDATE OR IGNORE file_pieces SET sha256 = ? WHERE tenant_id = ? AND sha256 = ?`, f.SHA256, t.tenant[:], name); err != nil {
		return err
	}
	return t.exec(ctx, `DELETE FROM file_pieces WHERE tenant_id = ? AND sha256 = ?`, t.tenant[:], name)
}

func (t files) Get(ctx context.Context, id uuid.UUID) (fleet.File, error) {
	return one(ctx, t.tx, "file", `SELECT `+fileColumns+` FROM files WHERE tenant_id = ? AND id = ? AND deleted IS NULL`, []any{t.tenant[:], id[:]}, scanFile)
}

func (t files) Open(ctx context.Context, sha string) (io.ReadCloser, error) {
	sha = strings.ToLower(sha)
	var n int
	if err := t.row(ctx, "file", `SELECT count(*) FROM files WHERE tenant_id = ? AND sha256 = ? AND deleted IS NULL`, []any{t.tenant[:], sha}, &n); err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, missing("file")
	}
	return &content{ctx: ctx, tx: t.tx, sha: sha}, nil
}

// content reads a file piece by piece.
type content struct {
	ctx  context.Context
	tx   *tx
	sha  string
	nth  int
	rest bytes.Reader
	done bool
}

func (c *content) Read(p []byte) (int, error) {
	for c.rest.Len() == 0 {
		if c.done {
			return 0, io.EOF
		}
		var packed []byte
		err := c.tx.sql.QueryRowContext(c.ctx, `SELECT data FROM file_pieces WHERE tenant_id = ? AND sha256 = ? AND nth = ?`, c.tx.tenant[:], c.sha, c.nth).Scan(&packed)
		if errors.Is(err, sql.ErrNoRows) {
			c.done = true
			continue
		}
		if err != nil {
			return 0, err
		}
		data, err := unpack(packed)
		if err != nil {
			return 0, errs.New(errs.BadInput, "file %s is damaged: %w", c.sha, err)
		}
		c.nth++
		c.rest.Reset(data)
	}
	return c.rest.Read(p)
}

func (c *content) Close() error { return nil }

func (t files) List(ctx context.Context, about fleet.Subject, p store.Page) (store.List[fleet.File], error) {
	return subjectList(ctx, t.tx, `SELECT `+fileColumns+` FROM files`, about, p, scanFile, func(f fleet.File) uuid.UUID { return f.ID })
}

func (t files) Delete(ctx context.Context, id uuid.UUID) error {
	f, err := t.Get(ctx, id)
	if err != nil {
		return err
	}
	if err := t.hide(ctx, "files", "file", id); err != nil {
		return err
	}
	return t.exec(ctx, `DELETE FROM file_pieces WHERE tenant_id = ? AND sha256 = ?
		AND NOT EXISTS (SELECT 1 FROM files WHERE tenant_id = ? AND sha256 = ? AND deleted IS NULL)`, t.tenant[:], f.SHA256, t.tenant[:], f.SHA256)
}
