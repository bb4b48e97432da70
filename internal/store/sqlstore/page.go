package sqlstore

import (
	"encoding/base64"
	"encoding/binary"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store"
)

// cursor is the place behind the last item of a page in lists that are ordered by a number and an id.
type cursor struct {
	at int64
	id uuid.UUID
}

func (c cursor) String() string {
	data := binary.BigEndian.AppendUint64(nil, uint64(c.at))
	return base64.RawURLEncoding.EncodeToString(append(data, c.id[:]...))
}

// far is before the first item of a list that runs downwards.
var far = cursor{at: 1<<63 - 1, id: uuid.Max}

// after reads a page's cursor.
func after(p store.Page, start cursor) (cursor, error) {
	if p.After == "" {
		return start, nil
	}
	data, err := base64.RawURLEncoding.DecodeString(p.After)
	if err != nil || len(data) != 24 {
		return start, errs.New(errs.Usage, "the cursor of the page cannot be read").WithHint("pass on what the last page gave, unchanged")
	}
	return cursor{at: int64(binary.BigEndian.Uint64(data)), id: uuid.UUID(data[8:])}, nil
}

// list cuts what was read with one item too many, and says where the next page begins.
func list[T any](items []T, size int, place func(T) cursor) store.List[T] {
	l := store.List[T]{Items: items}
	if len(items) > size {
		l.Items = items[:size]
		l.Next = place(items[size-1]).String()
	}
	return l
}
