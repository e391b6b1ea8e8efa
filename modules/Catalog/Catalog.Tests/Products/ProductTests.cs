using System.Net;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Inventory.Contracts;

namespace ModularMonolith.Catalog.Tests.Products;

public sealed class ProductTests(CatalogHost catalog) : IClassFixture<CatalogHost>
{
    [Fact]
    public async Task A_new_product_is_a_draft_with_a_slug_of_its_title_and_a_generated_sku()
    {
        var created = await catalog.CreateAsync(Bodies.Simple("Crème Brûlée (Small)"));

        Assert.Equal("draft", created["status"]);
        Assert.Equal("creme-brulee-small", created["slug"]);
        Assert.StartsWith("CREME-BRULEE-SMALL-", created.Json.GetProperty("variants")[0].GetProperty("sku").GetString(), StringComparison.Ordinal);
        Assert.Equal("\"v1\"", created.ETag);
        Assert.Equal("/api/catalog/products/" + created.Id, created.Location);
        var shown = await catalog.GetAsync($"/products/{created.Id}");
        Assert.Equal(created.Text, shown.Text);
        Assert.Equal(created.ETag, shown.ETag);
    }

    [Fact]
    public async Task Everything_that_is_said_about_a_product_is_kept()
    {
        const string body = """
            {"title":"Kept","slug":"kept-handle","descriptionHtml":"<p>Text & <b>more</b></p>","vendor":"V","type":"T","tags":["One, two","Three"],"options":["Size","Colour","Material"],
             "variants":[{"price":{"amount":1999,"currency":"EUR"},"sku":"KEPT-1","barcode":"4006381333931","optionValues":["S","Blue","Wool"],"compareAtPrice":{"amount":2999,"currency":"EUR"},
               "weightGrams":28.35,"weightUnit":"oz","isTaxable":false,"requiresShipping":false,"tracksInventory":false,"inventoryTracker":"shopify","inventoryPolicy":"continue","fulfillmentService":"manual",
               "taxCode":"P0000000","imageUrl":"https://example.com/v.jpg","attributes":[{"name":"Cost per item","value":"7.50"}]}],
             "images":[{"url":"https://example.com/2.jpg","alt":"second","position":2},{"url":"https://example.com/1.jpg","position":1}],
             "seo":{"title":"SEO","description":"For engines"},"isGiftCard":true,"attributes":[{"name":"Google Shopping / Gender","value":"unisex"}]}
            """;
        var created = await catalog.CreateAsync(body);
        var variant = created.Json.GetProperty("variants")[0];

        Assert.Equal("kept-handle", created["slug"]);
        Assert.Equal("<p>Text & <b>more</b></p>", created["descriptionHtml"]);
        Assert.Equal(["One, two", "Three"], created.Json.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.Equal("https://example.com/1.jpg", created.Json.GetProperty("images")[0].GetProperty("url").GetString());
        Assert.Equal("28.35", variant.GetProperty("weightGrams").GetRawText());
        Assert.Equal("continue", variant.GetProperty("inventoryPolicy").GetString());
        Assert.Equal(2999, variant.GetProperty("compareAtPrice").GetProperty("amount").GetInt64());
        Assert.Equal("Cost per item", variant.GetProperty("attributes")[0].GetProperty("name").GetString());
        Assert.Equal("unisex", created.Json.GetProperty("attributes")[0].GetProperty("value").GetString());
        Assert.Equal(created.Text, (await catalog.GetAsync($"/products/{created.Id}")).Text);
    }

    [Fact]
    public async Task Products_with_the_same_title_get_numbered_slugs_even_when_created_at_once()
    {
        var created = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => catalog.CreateAsync(Bodies.Simple("Twin", sku: "TWIN-" + number))));

        Assert.Equal(["twin", "twin-2", "twin-3", "twin-4"], created.Select(product => product["slug"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_slug_that_another_product_has_is_refused()
    {
        var first = await catalog.CreateAsync(Bodies.Simple("Slugged", slug: "my-own-slug"));

        var refused = await catalog.PostAsync("/products", Bodies.Simple("Other", slug: "my-own-slug"));

        Assert.Equal((HttpStatusCode.Conflict, "slug-taken"), (refused.Status, refused.Problem));
        Assert.Equal(first.Id.ToString(), refused["productId"]);
    }

    [Fact]
    public async Task A_sku_that_another_product_has_is_refused_and_named()
    {
        var first = await catalog.CreateAsync(Bodies.Simple("First owner", sku: "OWNED-1"));

        var refused = await catalog.PostAsync("/products", Bodies.Simple("Second owner", sku: "OWNED-1"));

        Assert.Equal((HttpStatusCode.Conflict, "sku-taken"), (refused.Status, refused.Problem));
        Assert.Equal("OWNED-1", refused.Json.GetProperty("skus")[0].GetProperty("sku").GetString());
        Assert.Equal(first.Id, refused.Json.GetProperty("skus")[0].GetProperty("productId").GetGuid());
    }

    [Fact]
    public async Task Of_eight_products_created_at_once_with_one_sku_one_wins()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => catalog.PostAsync("/products", Bodies.Simple($"Racing {number}", sku: "RACE-1"))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Created), answer => Assert.Equal("sku-taken", answer.Problem));
        Assert.Single(await catalog.Host.SendAsync(new GetVariantsBySku(["RACE-1"])));
    }

    [Fact]
    public async Task An_edit_needs_the_current_etag()
    {
        var created = await catalog.CreateAsync(Bodies.Simple("Edited", sku: "EDIT-1"));
        var path = $"/products/{created.Id}";

        Assert.Equal(428, (int)(await catalog.PutAsync(path, Bodies.Simple("Edited 2"))).Status);
        var edited = CatalogHost.Expect(await catalog.PutAsync(path, Bodies.Simple("Edited 2", sku: "EDIT-1"), created.ETag), HttpStatusCode.OK);
        Assert.Equal("\"v2\"", edited.ETag);
        Assert.Equal(412, (int)(await catalog.PutAsync(path, Bodies.Simple("Edited 3"), created.ETag)).Status);
        Assert.Equal(412, (int)(await catalog.PutAsync(path, Bodies.Simple("Edited 3"), "\"nonsense\"")).Status);
        Assert.Equal(edited.Text, (await catalog.GetAsync(path)).Text);
        Assert.Equal(200, (int)(await catalog.PutAsync(path, Bodies.Simple("Edited 4", sku: "EDIT-1"), "*")).Status);
    }

    [Fact]
    public async Task Of_parallel_edits_of_one_version_exactly_one_succeeds()
    {
        var created = await catalog.CreateAsync(Bodies.Simple("Contended", sku: "CONTENDED-1"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            catalog.PutAsync($"/products/{created.Id}", Bodies.Simple($"Contended {number}", sku: "CONTENDED-1"), created.ETag)));

        var winner = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer != winner), answer => Assert.Equal(HttpStatusCode.PreconditionFailed, answer.Status));
        Assert.Equal(winner.Text, (await catalog.GetAsync($"/products/{created.Id}")).Text);
    }

    [Fact]
    public async Task An_edit_that_changes_nothing_keeps_the_version()
    {
        var body = Bodies.Sized("Unchanged", "UNCHANGED", "S", "M");
        var created = await catalog.CreateAsync(body);

        var edited = await catalog.PutAsync($"/products/{created.Id}", body, created.ETag);

        Assert.Equal(created.Text, edited.Text);
        Assert.Equal(created.ETag, edited.ETag);
    }

    [Fact]
    public async Task Variants_keep_their_ids_by_sku_and_removed_ones_free_their_sku()
    {
        var created = await catalog.CreateAsync(Bodies.Sized("Varied", "VARIED", "S", "M", "L"));
        var ids = created.Json.GetProperty("variants").EnumerateArray().ToDictionary(variant => variant.GetProperty("sku").GetString()!, variant => variant.GetProperty("id").GetGuid());

        var edited = CatalogHost.Expect(await catalog.PutAsync($"/products/{created.Id}", Bodies.Sized("Varied", "VARIED", "M", "L", "XL"), created.ETag), HttpStatusCode.OK);

        var after = edited.Json.GetProperty("variants").EnumerateArray().ToDictionary(variant => variant.GetProperty("sku").GetString()!, variant => variant.GetProperty("id").GetGuid());
        Assert.Equal(ids["VARIED-M"], after["VARIED-M"]);
        Assert.Empty(await catalog.Host.SendAsync(new GetVariants([ids["VARIED-S"]])));
        await catalog.CreateAsync(Bodies.Simple("Heir", sku: "VARIED-S"));
    }

    [Fact]
    public async Task Two_variants_can_exchange_their_skus()
    {
        var created = await catalog.CreateAsync(Bodies.Sized("Swapped", "SWAP", "A", "B"));
        var variants = created.Json.GetProperty("variants");
        var body = new
        {
            title = "Swapped",
            options = new[] { "Size" },
            variants = new[]
            {
                new { id = variants[0].GetProperty("id").GetGuid(), sku = "SWAP-B", optionValues = new[] { "A" }, price = Bodies.Euros(1) },
                new { id = variants[1].GetProperty("id").GetGuid(), sku = "SWAP-A", optionValues = new[] { "B" }, price = Bodies.Euros(2) },
            },
        };

        CatalogHost.Expect(await catalog.PutAsync($"/products/{created.Id}", body, created.ETag), HttpStatusCode.OK);

        Assert.Equal("A", Assert.Single(await catalog.Host.SendAsync(new GetVariantsBySku(["SWAP-B"]))).VariantTitle);
    }

    [Fact]
    public async Task A_variant_of_another_product_cannot_be_claimed()
    {
        var created = await catalog.CreateAsync(Bodies.Simple("Honest", sku: "HONEST-1"));
        var body = new { title = "Honest", variants = new[] { new { id = Guid.NewGuid(), price = Bodies.Euros(1) } } };

        var refused = await catalog.PutAsync($"/products/{created.Id}", body, created.ETag);

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(["#/variants/0/id"], refused.Pointers);
    }

    [Fact]
    public async Task A_product_goes_from_draft_to_active_to_archived_and_no_step_repeats()
    {
        var created = await catalog.CreateAsync(Bodies.Simple("Staged"));
        var path = $"/products/{created.Id}";

        Assert.Equal("active", CatalogHost.Expect(await catalog.PostAsync(path + "/publish"), HttpStatusCode.OK)["status"]);
        var again = await catalog.PostAsync(path + "/publish");
        Assert.Equal((HttpStatusCode.Conflict, "illegal-state"), (again.Status, again.Problem));
        Assert.Equal("archived", (await catalog.PostAsync(path + "/archive"))["status"]);
        Assert.Equal(HttpStatusCode.Conflict, (await catalog.PostAsync(path + "/archive")).Status);
        Assert.Equal("draft", (await catalog.PostAsync(path + "/unpublish"))["status"]);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await catalog.PostAsync(path + "/publish", ifMatch: "\"v1\"")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await catalog.PostAsync($"/products/{Guid.NewGuid()}/publish")).Status);
    }

    [Fact]
    public async Task A_client_that_has_the_version_gets_304()
    {
        var created = await catalog.CreateActiveAsync(Bodies.Simple("Cached"));

        var answer = await catalog.GetAsync($"/products/{created.Id}", ifNoneMatch: created.ETag);

        Assert.Equal((HttpStatusCode.NotModified, string.Empty), (answer.Status, answer.Text));
        Assert.Equal(HttpStatusCode.OK, (await catalog.GetAsync($"/products/{created.Id}", ifNoneMatch: "\"v1\"")).Status);
    }

    [Fact]
    public async Task A_former_slug_leads_to_the_present_one_until_another_product_takes_it()
    {
        var created = await catalog.CreateActiveAsync(Bodies.Simple("Renamed", sku: "RENAMED-1", slug: "before-rename"));
        var renamed = await catalog.PutAsync($"/products/{created.Id}", Bodies.Simple("Renamed", sku: "RENAMED-1", slug: "after-rename"), created.ETag);

        var former = await catalog.GetAsync("/products/by-slug/before-rename");
        Assert.Equal((HttpStatusCode.MovedPermanently, "/api/catalog/products/by-slug/after-rename"), (former.Status, former.Location));
        Assert.Equal(renamed.Text, (await catalog.GetAsync("/products/by-slug/after-rename")).Text);

        var heir = await catalog.CreateActiveAsync(Bodies.Simple("Heir of slug", slug: "before-rename"));
        Assert.Equal(heir.Id, (await catalog.GetAsync("/products/by-slug/before-rename")).Id);
    }

    [Theory]
    [InlineData("/products/by-slug/nobody-has-this")]
    [InlineData("/products/by-slug/...")]
    [InlineData("/products/by-slug/NOT%20A%20SLUG")]
    [InlineData("/products/00000000-0000-0000-0000-000000000000")]
    [InlineData("/products/not-an-id")]
    public async Task What_does_not_exist_is_404(string path) => Assert.Equal(HttpStatusCode.NotFound, (await catalog.GetAsync(path)).Status);

    [Fact]
    public async Task Other_modules_learn_what_is_sold_under_an_id_or_sku()
    {
        var created = await catalog.CreateAsync("""
            {"title":"Asked for","options":["Size"],"images":[{"url":"https://example.com/p.jpg"}],
             "variants":[{"sku":"ASKED-1","optionValues":["S"],"price":{"amount":500,"currency":"EUR"},"compareAtPrice":{"amount":700,"currency":"EUR"},"weightGrams":12.5},
                         {"sku":"ASKED-2","optionValues":["M"],"price":{"amount":600,"currency":"EUR"},"tracksInventory":false,"imageUrl":"https://example.com/m.jpg"},
                         {"sku":"ASKED-3","optionValues":["L"],"price":{"amount":700,"currency":"EUR"},"inventoryPolicy":"continue"}]}
            """);
        var ids = created.Json.GetProperty("variants").EnumerateArray().Select(variant => variant.GetProperty("id").GetGuid()).ToList();

        Assert.All(await catalog.Host.SendAsync(new GetVariants([.. ids, Guid.NewGuid()])), variant => Assert.False(variant.IsPublished));
        CatalogHost.Expect(await catalog.PostAsync($"/products/{created.Id}/publish"), HttpStatusCode.OK);
        var found = (await catalog.Host.SendAsync(new GetVariantsBySku(["ASKED-1", "ASKED-2", "ASKED-3", "UNKNOWN"]))).OrderBy(variant => variant.Sku).ToList();

        Assert.Equal(
            new VariantDetails(ids[0], created.Id, "ASKED-1", "Asked for", "S", "asked-for", new(500, "EUR"), new(700, "EUR"), true, true, 13, "https://example.com/p.jpg"),
            found[0] with { Tags = null });
        Assert.Equal((false, "https://example.com/m.jpg"), (found[1].TracksInventory, found[1].ImageUrl));
        Assert.False(found[2].TracksInventory);
        Assert.Equal(3, found.Count);
    }

    [Fact]
    public async Task Inventory_is_told_of_new_variants_that_track_stock_and_only_of_those()
    {
        var created = await catalog.CreateAsync(Bodies.Sized("Declared", "DECLARED", "S"));
        await catalog.PutAsync($"/products/{created.Id}", Bodies.Sized("Declared", "DECLARED", "S", "M"), created.ETag);

        var declared = (await catalog.Host.PublishedAsync<StockDeclared>()).SelectMany(one => one.Lines).Where(line => line.Sku.StartsWith("DECLARED", StringComparison.Ordinal));

        Assert.Equal([new DeclaredStock("DECLARED-S", 0), new DeclaredStock("DECLARED-M", 0)], declared);
    }

    [Fact]
    public async Task The_largest_product_is_kept_and_found()
    {
        var letters = string.Concat(Enumerable.Range(0, 20_000).Select(number => "ワード" + number + "語-x "))[..200_000];
        var body = new
        {
            title = "Largest",
            descriptionHtml = letters,
            tags = Enumerable.Range(0, 250).Select(number => $"tag{number}{new string('é', 240)}"),
            options = new[] { "Number" },
            variants = Enumerable.Range(0, 2_000).Select(number => new { optionValues = new[] { number.ToString() }, price = Bodies.Euros(number), sku = $"LARGEST-{number}-{new string('ß', 200)}" }),
            images = Enumerable.Range(0, 250).Select(number => new { url = $"https://example.com/{number}.jpg" }),
        };

        var created = await catalog.CreateActiveAsync(body);

        Assert.Equal(created.Text, (await catalog.GetAsync($"/products/{created.Id}")).Text);
        Assert.Equal(["Largest"], (await catalog.GetAsync("/products?q=largest")).Titles);
        Assert.Equal(2_000, created.Json.GetProperty("variants").GetArrayLength());
    }
}
