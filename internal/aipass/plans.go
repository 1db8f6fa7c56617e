package aipass

import (
	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// Plans counts Flow's plans. AIPass has two statuses; what is not open counts
// as closed.
type Plans struct{ Open, Closed int }

func parsePlans(d *jsonfile.Decoder) (Plans, error) {
	var p Plans
	if err := wantObject(d); err != nil {
		return p, err
	}
	err := d.Object(func(name string) error {
		if name != "plans" {
			return nil
		}
		p = Plans{}
		return members(d, func(string) error {
			status := ""
			err := members(d, func(field string) error {
				if field != "status" {
					return nil
				}
				v, err := d.Value()
				status = v.Text
				return err
			})
			if status == "open" {
				p.Open++
			} else {
				p.Closed++
			}
			return err
		})
	})
	return p, err
}
