package table

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"example.com/surface/internal/assets"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// List returns every asset, oldest first.
func (a *Assets) List(ctx context.Context) ([]assets.Asset, error) {
	all := []assets.Asset{}
	pages := dynamodb.NewScanPaginator(a.client, &dynamodb.ScanInput{TableName: aws.String(a.name)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("scan table %s: %w", a.name, err)
		}
		for _, item := range page.Items {
			asset, err := fromItem(item)
			if err != nil {
				return nil, fmt.Errorf("read table %s: %w", a.name, err)
			}
			all = append(all, asset)
		}
	}
	slices.SortFunc(all, func(one, other assets.Asset) int {
		if byAge := one.AddedAt.Compare(other.AddedAt); byAge != 0 {
			return byAge
		}
		return strings.Compare(one.Key(), other.Key())
	})
	return all, nil
}
