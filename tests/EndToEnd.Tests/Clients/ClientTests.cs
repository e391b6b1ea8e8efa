using System.Diagnostics;
using System.Net;
using System.Text;
using ModularMonolith.Client;
using ModularMonolith.EndToEnd.Tests.Conventions;

namespace ModularMonolith.EndToEnd.Tests.Clients;

/// <summary>The shop's job, done with the generated client as its users would.</summary>
[Collection(ConventionsHosts.Name)]
public sealed class ClientTests(ConventionsHost host)
{
    private static readonly Money Price = new() { Amount = 1250, Currency = "EUR" };

    [Fact]
    public async Task A_shop_is_filled_searched_and_sells_with_the_client_alone()
    {
        using var staff = await StaffAsync();
        var (word, sku) = (Unique("teapot"), Shop.NewSku());
        await using var csv = new MemoryStream(Encoding.UTF8.GetBytes($"Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Published\n{word},{word},Title,Default Title,{sku},shopify,3,12.50,true\n"));
        var report = await staff.Catalog.ImportProductsAsync(csv, "text/csv");
        Assert.Equal(1, report.Products.Created);
        await Eventually.TrueAsync(async () => (await staff.Inventory.ListStockPageAsync(sku: [sku])).Items.Any(static item => item.OnHand == 3));

        using var anonymous = CommerceClient.Connect(host.Address);
        using var guest = CommerceClient.Connect(host.Address, new SessionTokens(await anonymous.Identity.StartGuestSessionAsync()));
        var found = await guest.Catalog.SearchProductsAsync(q: word).ToListAsync();
        var product = await guest.Catalog.GetProductAsync(Assert.Single(found).Id);
        Assert.Equal((ProductStatus.Active, Price), (product.Value.Status, product.Value.Variants[0].Price));

        var basket = await guest.Baskets.CreateBasketAsync(new CreateBasketBody { Lines = [new NewLine { Sku = sku, Quantity = 2 }] });
        var checkout = await guest.Ordering.StartCheckoutAsync(new StartCheckout { BasketId = basket.Id });
        Assert.Equal(new Money { Amount = 2500, Currency = "EUR" }, checkout.Value.Total);
        var order = new PlaceOrder { CheckoutId = checkout.Value.Id, ExpectedTotal = checkout.Value.Total };
        var placed = await guest.Ordering.PlaceOrderAsync(order, idempotencyKey: "order-" + sku);
        var again = await guest.Ordering.PlaceOrderAsync(order, idempotencyKey: "order-" + sku);

        Assert.Equal(placed.Value.Id, again.Value.Id);
        await Eventually.TrueAsync(async () => (await staff.Inventory.GetStockItemAsync(sku)).OnHand == 1);
        var cancelled = await guest.Ordering.CancelOrderAsync(placed.Value.Id, new CancelOrderBody { Reason = "Too many." });
        Assert.Equal(OrderStatus.Cancelled, cancelled.Value.Status);
        Assert.Contains(await guest.Ordering.ListOrdersAsync().ToListAsync(), summary => summary.Id == placed.Value.Id);
    }

    [Fact]
    public async Task A_list_is_followed_to_its_end_page_by_page()
    {
        using var staff = await StaffAsync();
        var word = Unique("cup");
        var titles = Enumerable.Range(1, 7).Select(number => $"{word} {number}").ToList();
        foreach (var title in titles)
        {
            await staff.Catalog.CreateProductAsync(Product(title));
        }

        var page = await staff.Catalog.SearchProductsPageAsync(q: word, status: "draft", limit: 3);
        var all = await staff.Catalog.SearchProductsAsync(q: word, status: "draft", limit: 3).ToListAsync();

        Assert.Equal(3, page.Items.Count);
        Assert.NotNull(page.Next);
        Assert.Equal(titles, all.Select(static product => product.Title).Order());
    }

    [Fact]
    public async Task Of_two_changes_to_one_version_the_second_is_told()
    {
        using var staff = await StaffAsync();
        var first = await staff.Catalog.CreateProductAsync(Product(Unique("kettle")));

        var changed = await staff.Catalog.EditProductAsync(first.Value.Id, Product("Changed " + Unique("kettle")), first.ETag!);
        var refused = await Assert.ThrowsAsync<ApiException>(() => staff.Catalog.EditProductAsync(first.Value.Id, Product("Late"), first.ETag!));

        Assert.Equal((HttpStatusCode.PreconditionFailed, "precondition-failed"), (refused.Status, refused.Kind));
        Assert.NotEqual(first.ETag, changed.ETag);
        Assert.Equal(changed.ETag, (await staff.Catalog.GetProductAsync(first.Value.Id)).ETag);
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        using var staff = await StaffAsync();
        var product = await staff.Catalog.CreateProductAsync(Product(Unique("jug")));

        Assert.Null(await staff.Catalog.GetProductIfChangedAsync(product.Value.Id, product.ETag!));
        var published = await staff.Catalog.PublishProductAsync(product.Value.Id);
        Assert.Equal(published.ETag, (await staff.Catalog.GetProductIfChangedAsync(product.Value.Id, product.ETag!))!.ETag);
    }

    [Fact]
    public async Task A_refusal_names_the_fields_and_the_trace_of_the_caller()
    {
        using var staff = await StaffAsync();
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();

        var refused = await Assert.ThrowsAsync<ApiException>(() => staff.Inventory.ReceiveStockAsync(new ReceiveStock { Sku = string.Empty, Quantity = -1 }));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(["#/quantity", "#/sku"], refused.Errors.Select(static error => error.Pointer).Distinct().Order());
        Assert.All(refused.Errors, static error => Assert.NotEmpty(error.Detail));
        Assert.Equal(activity.TraceId.ToHexString(), refused.TraceId);
    }

    [Fact]
    public async Task A_dry_run_answers_what_would_be_and_changes_nothing()
    {
        using var staff = await StaffAsync();
        var word = Unique("sieve");

        var tried = await staff.Catalog.CreateProductAsync(Product(word), dryRun: true);

        Assert.Equal((word, null), (tried.Value.Title, tried.ETag));
        Assert.Empty(await staff.Catalog.SearchProductsAsync(q: word, status: "draft").ToListAsync());
    }

    [Fact]
    public async Task A_session_goes_on_with_the_next_token_when_one_ends()
    {
        using var anonymous = CommerceClient.Connect(host.Address);
        var time = new AdjustableTime();
        var kept = new List<string>();
        var tokens = new SessionTokens(
            await anonymous.Identity.StartGuestSessionAsync(),
            (answer, _) =>
            {
                kept.Add(answer.RefreshToken!);
                return Task.CompletedTask;
            },
            time: time);
        using var guest = CommerceClient.Connect(host.Address, tokens);
        await guest.Ordering.ListOrdersPageAsync();
        Assert.Empty(kept);

        for (var round = 1; round <= 2; round++)
        {
            time.Advance(TimeSpan.FromMinutes(11));
            await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => guest.Ordering.ListOrdersPageAsync()));
            Assert.Equal(round, kept.Distinct().Count());
        }

        tokens.Dispose();
    }

    [Fact]
    public async Task Machines_get_in_with_a_key_or_with_a_service_account()
    {
        using var staff = await StaffAsync();
        var key = await staff.Identity.CreateApiKeyAsync(new CreateApiKey { Name = "Tests", Permissions = ["inventory:read"], Days = 1 });
        using var machine = CommerceClient.Connect(host.Address, apiKey: key.Authorization);
        await machine.Inventory.ListStockPageAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await Assert.ThrowsAsync<ApiException>(() => machine.Inventory.CreateLocationAsync(new CreateLocation { Code = "x", Name = "X" }))).Status);

        var account = await staff.Identity.CreateClientAsync(new CreateClient { Name = "Tests", IsConfidential = true, Grants = ["client_credentials"], Permissions = ["*"], Roles = ["clerk"] });
        using var tokens = new ClientCredentials(account.Client.Id, account.Secret!);
        using var service = CommerceClient.Connect(host.Address, tokens);
        await service.Inventory.ListStockPageAsync();
        using var wrong = new ClientCredentials(account.Client.Id, "not the secret");
        using var stranger = CommerceClient.Connect(host.Address, wrong);
        Assert.Equal("invalid_client", (await Assert.ThrowsAsync<ApiException>(() => stranger.Inventory.ListStockPageAsync())).Title);
    }

    private static string Unique(string word) => word + Guid.NewGuid().ToString("N")[..12];

    private static ProductContent Product(string title) => new() { Title = title, Variants = [new VariantContent { Sku = Shop.NewSku(), Price = Price }] };

    private async Task<CommerceClient> StaffAsync()
    {
        await host.Api.GetAsync("/api/identity/account");
        using var anonymous = CommerceClient.Connect(host.Address);
        var answer = await anonymous.Identity.SignInAsync(new SignInForTokensBody { Email = HostSettings.AdminEmail, Password = HostSettings.AdminPassword });
        return CommerceClient.Connect(host.Address, new SessionTokens(answer));
    }
}
