using System.Net.Http.Json;
using System.Text.Json;

namespace ModularMonolith.Catalog.Tests.Products;

public sealed class DescriptionTests(CatalogHost catalog) : IClassFixture<CatalogHost>
{
    [Fact]
    public async Task The_description_of_the_api_names_the_conditions_and_what_may_be_null()
    {
        var document = await catalog.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var product = document.GetProperty("paths").GetProperty("/api/catalog/products/{id}");

        Assert.Equal(("If-Match", true), Header(product.GetProperty("put")));
        Assert.Equal(("If-None-Match", false), Header(product.GetProperty("get")));
        Assert.Equal(("If-Match", false), Header(document.GetProperty("paths").GetProperty("/api/catalog/products/{id}/publish").GetProperty("post")));
        var variant = document.GetProperty("components").GetProperty("schemas").GetProperty("VariantContent");
        Assert.Contains("null", variant.GetProperty("properties").GetProperty("compareAtPrice").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(["price"], variant.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
    }

    private static (string Name, bool Required) Header(JsonElement operation)
    {
        var header = Assert.Single(operation.GetProperty("parameters").EnumerateArray(), parameter => parameter.GetProperty("in").GetString() == "header");
        return (header.GetProperty("name").GetString()!, header.TryGetProperty("required", out var required) && required.GetBoolean());
    }
}
