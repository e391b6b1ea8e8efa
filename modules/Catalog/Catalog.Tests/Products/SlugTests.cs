using ModularMonolith.Catalog.Products;

namespace ModularMonolith.Catalog.Tests.Products;

public sealed class SlugTests
{
    [Theory]
    [InlineData("Ocean Blue Shirt", "ocean-blue-shirt")]
    [InlineData("  7 Shakra -- Bracelet! ", "7-shakra-bracelet")]
    [InlineData("Straße Ångström Œuvre", "strasse-angstrom-oeuvre")]
    [InlineData("Men's T-Shirt", "mens-t-shirt")]
    [InlineData("東京 タワー", "東京-タワー")]
    [InlineData("हिन्दी किताब", "हिन्दी-किताब")]
    [InlineData("!!!", "product")]
    [InlineData("", "product")]
    [InlineData("😀", "product")]
    public void A_slug_is_made_of_the_title(string title, string slug)
    {
        Assert.Equal(slug, Slug.From(title));
        Assert.True(Slug.IsValid(slug));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("with_underscore.and-dots", true)]
    [InlineData("Upper", false)]
    [InlineData("two words", false)]
    [InlineData("a/b", false)]
    [InlineData("..", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void What_can_stand_in_an_address_is_valid(string? text, bool valid) => Assert.Equal(valid, Slug.IsValid(text));

    [Fact]
    public void A_long_title_makes_a_slug_with_room_for_a_number() =>
        Assert.True(Slug.IsValid(Slug.From(new string('é', 255)) + "-1234567890"));

    [Fact]
    public void A_generated_sku_is_the_same_again_and_differs_for_every_variant()
    {
        var sku = GeneratedSku.For("chain-bracelet", ["Blue"]);

        Assert.Equal(sku, GeneratedSku.For("chain-bracelet", ["Blue"]));
        Assert.StartsWith("CHAIN-BRACELET-BLUE-", sku, StringComparison.Ordinal);
        Assert.NotEqual(sku, GeneratedSku.For("chain", ["bracelet", "Blue"]));
        Assert.NotEqual(sku, GeneratedSku.For("chain-bracelet", ["blue"]));
        Assert.True(GeneratedSku.For(new string('x', 255), [new string('y', 255)]).Length < 80);
    }

    [Theory]
    [InlineData("<p>One</p><p>two</p>", "One  two")]
    [InlineData("1 < 2 &amp; 3 > 2", "1   2 & 3 > 2")]
    [InlineData("<script>x</script>after", "after")]
    [InlineData("<!-- x -->after", "after")]
    [InlineData("before<b", "before")]
    [InlineData("<script>never closed", "")]
    [InlineData("<", "")]
    [InlineData("", "")]
    public void The_words_of_html_are_read_without_its_tags(string html, string words) =>
        Assert.Equal(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), PlainText.Of(html, 1_000).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
