package table

import (
	"fmt"
	"time"

	"example.com/surface/internal/assets"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Names of attributes. An asset without labels has no labels attribute: DynamoDB knows no empty sets.
const (
	keyAttribute        = "key"
	kindAttribute       = "kind"
	identifierAttribute = "identifier"
	labelsAttribute     = "labels"
	addedAtAttribute    = "addedAt"
)

type item = map[string]types.AttributeValue

func toItem(asset assets.Asset) item {
	values := item{
		keyAttribute:        &types.AttributeValueMemberS{Value: asset.Key()},
		kindAttribute:       &types.AttributeValueMemberS{Value: string(asset.Kind)},
		identifierAttribute: &types.AttributeValueMemberS{Value: asset.Identifier},
		addedAtAttribute:    &types.AttributeValueMemberS{Value: asset.AddedAt.UTC().Format(time.RFC3339Nano)},
	}
	if len(asset.Labels) > 0 {
		values[labelsAttribute] = &types.AttributeValueMemberSS{Value: asset.Labels}
	}
	return values
}

func fromItem(values item) (assets.Asset, error) {
	key := text(values, keyAttribute)
	addedAt, err := time.Parse(time.RFC3339Nano, text(values, addedAtAttribute))
	if err != nil {
		return assets.Asset{}, fmt.Errorf("item %q: attribute %s: %w", key, addedAtAttribute, err)
	}
	asset := assets.Asset{
		Kind:       assets.Kind(text(values, kindAttribute)),
		Identifier: text(values, identifierAttribute),
		Labels:     []string{},
		AddedAt:    addedAt,
	}
	if labels, ok := values[labelsAttribute].(*types.AttributeValueMemberSS); ok {
		asset.Labels = labels.Value
	}
	if asset.Key() != key {
		return assets.Asset{}, fmt.Errorf("item %q holds the asset %q", key, asset.Key())
	}
	return asset, nil
}

func text(values item, name string) string {
	value, _ := values[name].(*types.AttributeValueMemberS)
	if value == nil {
		return ""
	}
	return value.Value
}
