package table

import (
	"context"
	"fmt"

	"example.com/surface/internal/assets"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// Import writes assets as they stand, over whatever has the same key; for restoring a backup.
func (a *Assets) Import(ctx context.Context, kept []assets.Asset) error {
	for _, asset := range kept {
		_, err := a.client.PutItem(ctx, &dynamodb.PutItemInput{
			TableName: aws.String(a.name),
			Item:      toItem(asset),
		})
		if err != nil {
			return fmt.Errorf("write %s: %w", asset.Key(), err)
		}
	}
	return nil
}
