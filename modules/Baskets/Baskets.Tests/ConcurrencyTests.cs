using System.Net;
using ModularMonolith.Baskets.Baskets;
using ModularMonolith.Baskets.Lines;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Baskets.Tests;

[Collection(nameof(BasketsHost))]
public sealed class ConcurrencyTests(BasketsHost shop)
{
    [Fact]
    public async Task Parallel_additions_of_one_variant_are_all_counted()
    {
        var variant = shop.Sell();
        var id = await shop.CreateAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.AddAsync(id, new { sku = variant.Sku })));

        Assert.Equal(8, (await shop.ShowAsync(id)).GetProperty("lines")[0].GetProperty("quantity").GetInt32());
    }

    [Fact]
    public async Task Parallel_changes_of_different_lines_are_all_kept()
    {
        var kept = Enumerable.Range(0, 3).Select(_ => shop.Sell()).ToList();
        var removed = Enumerable.Range(0, 3).Select(_ => shop.Sell()).ToList();
        var added = Enumerable.Range(0, 3).Select(_ => shop.Sell()).ToList();
        var id = await shop.CreateAsync([.. kept.Concat(removed).Select(variant => new { sku = variant.Sku })]);

        await Task.WhenAll([
            .. kept.Select(variant => shop.ChangeAsync(id, variant.VariantId, 5)),
            .. removed.Select(variant => shop.RemoveLineAsync(id, variant.VariantId)),
            .. added.Select(variant => shop.AddAsync(id, new { variantId = variant.VariantId, quantity = 5 }))]);

        var lines = (await shop.ShowAsync(id)).GetProperty("lines").EnumerateArray().ToList();
        Assert.Equal(
            kept.Concat(added).Select(variant => variant.VariantId).Order(),
            lines.Select(line => line.GetProperty("variantId").GetGuid()).Order());
        Assert.All(lines, line => Assert.Equal(5, line.GetProperty("quantity").GetInt32()));
    }

    [Fact]
    public async Task A_basket_that_is_deleted_during_additions_stays_deleted()
    {
        var variant = shop.Sell();
        var id = await shop.CreateAsync();
        var additions = Enumerable.Range(0, 6).Select(_ => AddUnlessGoneAsync(id, variant.VariantId)).ToList();

        await shop.CallAsync(HttpMethod.Delete, "/" + id, HttpStatusCode.NoContent);
        await Task.WhenAll(additions);

        await shop.ShowAsync(id, HttpStatusCode.NotFound);
    }

    private async Task AddUnlessGoneAsync(string id, Guid variantId)
    {
        try
        {
            await shop.Host.SendAsync(new AddLine(id, new NewLine(variantId)));
        }
        catch (ProblemException gone)
        {
            Assert.Equal(ProblemTypes.NotFound, gone.Type);
        }
    }
}
