using System.Net;
using ModularMonolith.Catalog.Products;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Catalog.Tests.Products;

/// <summary>Who is nobody known sees only what is published.</summary>
public sealed class ClosedShopTests(ClosedShopTests.Closed shop) : IClassFixture<ClosedShopTests.Closed>
{
    [Fact]
    public async Task Products_that_are_not_active_do_not_exist_for_the_public()
    {
        var draft = await shop.Host.SendAsync(new CreateProduct(new ProductContent("Hidden", [new VariantContent(new Money(1, "EUR"))])));

        Assert.Equal(HttpStatusCode.NotFound, (await shop.GetAsync($"/products/{draft.Id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.GetAsync("/products/by-slug/hidden")).Status);
        Assert.Empty((await shop.GetAsync("/products?q=hidden")).Titles);
        await shop.Host.SendAsync(new PublishProduct(draft.Id, null));
        Assert.Equal(HttpStatusCode.OK, (await shop.GetAsync($"/products/{draft.Id}")).Status);
    }

    [Theory]
    [InlineData("GET", "/products?status=draft")]
    [InlineData("POST", "/products")]
    [InlineData("PUT", "/products/00000000-0000-0000-0000-000000000001")]
    [InlineData("POST", "/products/00000000-0000-0000-0000-000000000001/publish")]
    [InlineData("POST", "/products/00000000-0000-0000-0000-000000000001/archive")]
    [InlineData("POST", "/products/00000000-0000-0000-0000-000000000001/unpublish")]
    public async Task What_needs_a_permission_is_refused(string method, string path) =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.SendAsync(new HttpMethod(method), path, method == "GET" ? null : Bodies.Simple("x"))).Status);

    public sealed class Closed : CatalogHost
    {
        protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?> { ["Security:OpenAccess"] = "false" };
    }
}
