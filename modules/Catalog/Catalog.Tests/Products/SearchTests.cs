using System.Net;

namespace ModularMonolith.Catalog.Tests.Products;

public sealed class SearchTests(SearchTests.Shop shop) : IClassFixture<SearchTests.Shop>
{
    [Theory]
    [InlineData("jackets", "Leather Jacket")]
    [InlineData("JACKET leather", "Leather Jacket")]
    [InlineData("jack", "Leather Jacket")]
    [InlineData("leather jac", "Leather Jacket")]
    [InlineData("waxed", "Leather Jacket")]
    [InlineData("SRCH-LJ-1", "Leather Jacket")]
    [InlineData("srch-lj-1", "Leather Jacket")]
    [InlineData("4006381333931", "Leather Jacket")]
    [InlineData("\"clay teapot\"", "Clay Teapot")]
    [InlineData("teapot or jacket -leather", "Clay Teapot")]
    [InlineData("Zürich", "Clay Teapot")]
    public async Task A_product_is_found_by_its_words_codes_and_unfinished_words(string query, string title) =>
        Assert.Equal([title], (await shop.GetAsync("/products?q=" + Uri.EscapeDataString(query))).Titles);

    [Theory]
    [InlineData("script")]
    [InlineData("tracking")]
    [InlineData("hidden")]
    [InlineData("nobody sells this")]
    [InlineData("the")]
    [InlineData("---")]
    [InlineData("'; drop table product_search; --")]
    [InlineData("((")]
    [InlineData("a & | ! b:*")]
    public async Task What_no_product_says_finds_nothing(string query) =>
        Assert.Empty((await shop.GetAsync("/products?vendor=Searched&q=" + Uri.EscapeDataString(query))).Titles);

    [Fact]
    public async Task Words_in_the_title_weigh_more_than_in_the_description() =>
        Assert.Equal(["Oak Stool", "Round Table"], (await shop.GetAsync("/products?q=oak")).Titles);

    [Theory]
    [InlineData("vendor=searched", 4)]
    [InlineData("vendor=SEARCHED&type=furniture", 2)]
    [InlineData("vendor=searched&tag=Handmade", 2)]
    [InlineData("vendor=searched&minPrice=5000", 2)]
    [InlineData("vendor=searched&maxPrice=4999", 2)]
    [InlineData("vendor=searched&minPrice=5000&maxPrice=5000", 1)]
    [InlineData("vendor=searched&status=draft", 1)]
    [InlineData("vendor=searched&status=archived", 1)]
    [InlineData("vendor=searched&q=oak&type=furniture&tag=handmade&minPrice=1&maxPrice=1000000&sort=price", 1)]
    public async Task Filters_narrow_the_list(string query, int count) => Assert.Equal(count, (await shop.GetAsync("/products?" + query)).Titles.Count);

    [Theory]
    [InlineData("title", "Clay Teapot,Leather Jacket,Oak Stool,Round Table")]
    [InlineData("price", "Clay Teapot,Oak Stool,Round Table,Leather Jacket")]
    [InlineData("-price", "Leather Jacket,Round Table,Oak Stool,Clay Teapot")]
    [InlineData("created", "Leather Jacket,Clay Teapot,Oak Stool,Round Table")]
    [InlineData("-created", "Round Table,Oak Stool,Clay Teapot,Leather Jacket")]
    public async Task Lists_are_sorted_as_asked(string sort, string titles) =>
        Assert.Equal(titles.Split(','), (await shop.GetAsync("/products?vendor=searched&sort=" + sort)).Titles);

    [Fact]
    public async Task A_listed_product_has_what_a_list_shows()
    {
        var item = (await shop.GetAsync("/products?q=jacket")).Json.GetProperty("items")[0];

        Assert.Equal("leather-jacket", item.GetProperty("slug").GetString());
        Assert.Equal(19_900, item.GetProperty("minPrice").GetProperty("amount").GetInt64());
        Assert.Equal("active", item.GetProperty("status").GetString());
        Assert.False(item.TryGetProperty("descriptionHtml", out _));
    }

    [Theory]
    [InlineData("title")]
    [InlineData("price")]
    [InlineData("-price")]
    [InlineData("created")]
    [InlineData("-created")]
    [InlineData("relevance")]
    public async Task Pages_show_every_product_once_while_others_are_added(string sort)
    {
        var prefix = "Paged" + sort.Replace("-", "Falling", StringComparison.Ordinal);
        for (var number = 0; number < 7; number++)
        {
            await shop.CreateActiveAsync(Bodies.Simple($"{prefix} {number}", cents: 100 * (number / 3), vendor: prefix));
        }

        var seen = new List<string>();
        var path = $"/products?vendor={prefix}&q={prefix}&sort={sort}&limit=2";
        for (var page = await shop.GetAsync(path); ; page = await shop.GetAsync(path + "&cursor=" + page["next"]))
        {
            seen.AddRange(page.Titles);
            if (page["next"].Length == 0)
            {
                Assert.Null(page.Link);
                break;
            }

            Assert.Contains("rel=\"next\"", page.Link, StringComparison.Ordinal);
            await shop.CreateActiveAsync(Bodies.Simple($"{prefix} added {seen.Count}", cents: 100, vendor: prefix));
        }

        Assert.Equal(seen.Distinct(), seen);
        Assert.Superset(Enumerable.Range(0, 7).Select(number => $"{prefix} {number}").ToHashSet(), seen.ToHashSet());
    }

    [Theory]
    [InlineData("colour=red")]
    [InlineData("sort=size")]
    [InlineData("sort=relevance")]
    [InlineData("status=sold")]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=many")]
    [InlineData("minPrice=-1")]
    [InlineData("minPrice=1.5")]
    [InlineData("maxPrice=99999999999999999999")]
    [InlineData("q=%00")]
    [InlineData("vendor=a%00b")]
    [InlineData("tag=%00")]
    [InlineData("cursor=nonsense")]
    [InlineData("cursor=e30")]
    [InlineData("cursor=bnVsbA")]
    public async Task What_cannot_be_listed_is_refused(string query)
    {
        var refused = await shop.GetAsync("/products?" + query);

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.DoesNotContain("ModularMonolith", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cursor_of_another_order_is_refused()
    {
        var page = await shop.GetAsync("/products?vendor=searched&sort=title&limit=1");

        Assert.Equal(HttpStatusCode.BadRequest, (await shop.GetAsync("/products?vendor=searched&sort=price&limit=1&cursor=" + page["next"])).Status);
    }

    [Fact]
    public async Task An_edit_changes_what_a_product_is_found_by()
    {
        var created = await shop.CreateActiveAsync(Bodies.Simple("Kaleidoscope", sku: "CHANGING-1"));
        await shop.PutAsync($"/products/{created.Id}", Bodies.Simple("Periscope", sku: "CHANGING-1"), created.ETag);

        Assert.Empty((await shop.GetAsync("/products?q=kaleidoscope")).Titles);
        Assert.Equal(["Periscope"], (await shop.GetAsync("/products?q=periscope")).Titles);
        await shop.PostAsync($"/products/{created.Id}/archive");
        Assert.Empty((await shop.GetAsync("/products?q=periscope")).Titles);
    }

    /// <summary>A catalogue with four active products, a draft and an archived one.</summary>
    public sealed class Shop : CatalogHost, IAsyncLifetime
    {
        async Task IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            await CreateActiveAsync("""
                {"title":"Leather Jacket","vendor":"Searched","type":"Apparel","tags":["Handmade","Winter"],
                 "descriptionHtml":"<style>.hidden{}</style><p class=\"tracking\">Waxed &amp; <b>warm</b></p><script>script()</script><!-- hidden -->",
                 "variants":[{"sku":"SRCH-LJ-1","barcode":"4006381333931","price":{"amount":19900,"currency":"EUR"}}]}
                """);
            await CreateActiveAsync(Bodies.Simple("Clay Teapot", 1_500, vendor: "Searched", type: "Kitchen", descriptionHtml: "Made in Z&uuml;rich"));
            await CreateActiveAsync(Bodies.Simple("Oak Stool", 4_900, vendor: "Searched", type: "Furniture", tags: ["handmade"]));
            await CreateActiveAsync(Bodies.Simple("Round Table", 5_000, vendor: "Searched", type: "Furniture", descriptionHtml: "<p>Solid oak</p>"));
            await CreateAsync(Bodies.Simple("Secret Prototype", 1, vendor: "Searched"));
            var archived = await CreateAsync(Bodies.Simple("Old Teapot", 1, vendor: "Searched"));
            await PostAsync($"/products/{archived.Id}/archive");
        }
    }
}
