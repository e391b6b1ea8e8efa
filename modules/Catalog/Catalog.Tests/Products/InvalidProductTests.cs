using System.Net;
using System.Text.Json;

namespace ModularMonolith.Catalog.Tests.Products;

public sealed class InvalidProductTests(CatalogHost catalog) : IClassFixture<CatalogHost>
{
    private const string Variant = """{"price":{"amount":1,"currency":"EUR"}}""";

    public static TheoryData<string, string> Invalid => new()
    {
        { """{"title":"","variants":[@]}""", "#/title" },
        { """{"title":"x","variants":[]}""", "#/variants" },
        { """{"title":"x","variants":[null]}""", "#/variants/0" },
        { """{"title":"x","variants":[@],"tags":[null]}""", "#/tags/0" },
        { """{"title":"x","variants":[@],"images":[null]}""", "#/images/0" },
        { """{"title":"x","variants":[@],"attributes":[null]}""", "#/attributes/0" },
        { """{"title":"x","variants":[@],"attributes":[{"name":"","value":""}]}""", "#/attributes/0/name" },
        { """{"title":"x","variants":[@],"slug":"Not Allowed"}""", "#/slug" },
        { """{"title":"x","variants":[@],"slug":""}""", "#/slug" },
        { """{"title":"a\u0000b","variants":[@]}""", "#/title" },
        { """{"title":"x","variants":[@],"descriptionHtml":"\u0000"}""", "#/descriptionHtml" },
        { """{"title":"x","variants":[@],"seo":{"title":"\u0000"}}""", "#/seo/title" },
        { """{"title":"x","variants":[@],"images":[{"url":"file:///etc/passwd"}]}""", "#/images/0/url" },
        { """{"title":"x","variants":[@],"images":[{"url":"https://example.com/a\u0000"}]}""", "#/images/0/url" },
        { """{"title":"x","variants":[@],"images":[{"url":"https://example.com/a","position":0}]}""", "#/images/0/position" },
        { """{"title":"x","options":["A","a"],"variants":[{"price":{"amount":1,"currency":"EUR"},"optionValues":["1","2"]}]}""", "#/options" },
        { """{"title":"x","options":["A","B","C","D"],"variants":[{"price":{"amount":1,"currency":"EUR"},"optionValues":["1","2","3","4"]}]}""", "#/options" },
        { """{"title":"x","options":["A"],"variants":[@]}""", "#/variants/0/optionValues" },
        { """{"title":"x","options":["A"],"variants":[{"price":{"amount":1,"currency":"EUR"},"optionValues":[null]}]}""", "#/variants/0/optionValues/0" },
        { """{"title":"x","variants":[@,@]}""", "#/variants/1/optionValues" },
        { """{"title":"x","options":["A"],"variants":[{"price":{"amount":1,"currency":"EUR"},"optionValues":["s"]},{"price":{"amount":1,"currency":"EUR"},"optionValues":["S"]}]}""", "#/variants/1/optionValues" },
        { """{"title":"x","options":["A"],"variants":[{"sku":"S1","price":{"amount":1,"currency":"EUR"},"optionValues":["s"]},{"sku":"S1","price":{"amount":1,"currency":"EUR"},"optionValues":["t"]}]}""", "#/variants/1/sku" },
        { """{"title":"x","variants":[{"price":{"amount":-1,"currency":"EUR"}}]}""", "#/variants/0/price" },
        { """{"title":"x","variants":[{"price":{"amount":1,"currency":"USD"}}]}""", "#/variants/0/price" },
        { """{"title":"x","variants":[{"price":{"amount":9223372036854775807,"currency":"EUR"}}]}""", "#/variants/0/price" },
        { """{"title":"x","variants":[{"price":{"amount":1,"currency":"EUR"},"compareAtPrice":{"amount":-5,"currency":"EUR"}}]}""", "#/variants/0/compareAtPrice" },
        { """{"title":"x","variants":[{"price":{"amount":1,"currency":"EUR"},"sku":" padded "}]}""", "#/variants/0/sku" },
        { """{"title":"x","variants":[{"price":{"amount":1,"currency":"EUR"},"sku":"a\u0000"}]}""", "#/variants/0/sku" },
        { """{"title":"x","variants":[{"price":{"amount":1,"currency":"EUR"},"weightGrams":-1}]}""", "#/variants/0/weightGrams" },
        { """{"title":"x","variants":[{"price":{"amount":1,"currency":"EUR"},"weightUnit":"stone"}]}""", "#/variants/0/weightUnit" },
        { """{"title":"x","variants":[{"price":{"amount":1,"currency":"EUR"},"imageUrl":"not a url"}]}""", "#/variants/0/imageUrl" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task An_invalid_field_is_refused_with_its_place(string body, string pointer)
    {
        var refused = await catalog.PostAsync("/products", body.Replace("@", Variant, StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.BadRequest, "validation"), (refused.Status, refused.Problem));
        Assert.Contains(pointer, refused.Pointers);
    }

    [Theory]
    [InlineData("""{"variants":[]}""")]
    [InlineData("""{"title":null,"variants":[]}""")]
    [InlineData("""{"title":"x","variants":[{}]}""")]
    [InlineData("""{"title":"x","variants":[{"price":null}]}""")]
    [InlineData("""{"title":"x","variants":[{"price":"10.00"}]}""")]
    [InlineData("""{"title":"x","variants":[{"price":{"amount":1}}]}""")]
    [InlineData("""{"title":"x","variants":[{"price":{"amount":1,"currency":"euro"}}]}""")]
    [InlineData("""{"title":"x","variants":[{"price":{"amount":1.5,"currency":"EUR"}}]}""")]
    [InlineData("""{"title":"x","variants":[{"price":{"amount":1,"currency":"EUR"},"id":"7"}]}""")]
    [InlineData("""{"title":"x","variants":[{"price":{"amount":1,"currency":"EUR"},"inventoryPolicy":"perhaps"}]}""")]
    [InlineData("""{"title":"x","variants":[{"price":{"amount":1,"currency":"EUR"},"inventoryPolicy":7}]}""")]
    [InlineData("""{"title":"x","variants":[{"price":{"amount":1,"currency":"EUR"},"weightGrams":1e40}]}""")]
    [InlineData("""{"title":"x","colour":"red","variants":[]}""")]
    [InlineData("""{"title":"\ud800","variants":[]}""")]
    [InlineData("""[]""")]
    [InlineData("""nonsense""")]
    public async Task A_body_of_another_shape_is_refused(string body)
    {
        var refused = await catalog.PostAsync("/products", body);

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.DoesNotContain("ModularMonolith", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_much_of_anything_is_refused()
    {
        var refused = await catalog.PostAsync("/products", JsonSerializer.Serialize(new
        {
            title = new string('t', 256),
            descriptionHtml = new string('d', 200_001),
            vendor = new string('v', 256),
            tags = Enumerable.Range(0, 251).Select(number => "t" + number),
            options = new[] { "Number" },
            images = Enumerable.Range(0, 251).Select(number => new { url = "https://example.com/" + number }),
            attributes = Enumerable.Range(0, 201).Select(number => new { name = "a" + number, value = string.Empty }),
            variants = Enumerable.Range(0, 2_001).Select(number => new { optionValues = new[] { number.ToString() }, price = Bodies.Euros(1) }),
        }));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Superset(new HashSet<string> { "#/title", "#/descriptionHtml", "#/vendor", "#/tags", "#/images", "#/attributes", "#/variants" }, refused.Pointers.ToHashSet());
    }

    [Fact]
    public async Task Nothing_of_a_refused_product_is_saved()
    {
        await catalog.PostAsync("/products", """{"title":"Refused whole","variants":[{"price":{"amount":-1,"currency":"EUR"}}]}""");

        Assert.Empty((await catalog.GetAsync("/products?q=refused&status=draft")).Titles);
    }
}
