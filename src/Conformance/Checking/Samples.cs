using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace ModularMonolith.Conformance.Checking;

/// <summary>What the writing checks make for themselves, marked, and taken back at the end as far as the API lets them.</summary>
internal sealed class Samples(Probe probe)
{
    private readonly ConcurrentQueue<string> _products = new();
    private readonly ConcurrentQueue<string> _stocked = new();
    private readonly ConcurrentQueue<string> _files = new();
    private int _skus;

    public string ProductsPath => probe.Operation("CreateProduct").Path;

    public string ReceiptsPath => probe.Operation("ReceiveStock").Path;

    public string StockPath => probe.Operation("ListStock").Path;

    /// <summary>The draft products that this run has made, in an order that new ones come into at both ends.</summary>
    public string OwnProducts => $"{probe.Operation("SearchProducts").Path}?status=draft&vendor={probe.Mark}&sort=title";

    public string NewSku() => string.Create(CultureInfo.InvariantCulture, $"{probe.Mark}-{Interlocked.Increment(ref _skus)}");

    public string Product(string title) => new JsonObject
    {
        ["title"] = title,
        ["vendor"] = probe.Mark,
        ["variants"] = new JsonArray(new JsonObject { ["sku"] = NewSku(), ["price"] = new JsonObject { ["amount"] = 1999, ["currency"] = "EUR" } }),
    }.ToJsonString();

    /// <summary>A file with one such product, which keeps no stock.</summary>
    public string File()
    {
        var sku = NewSku();
        _files.Enqueue(sku);
        return $"Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Price,Published,Status\n{sku.ToLowerInvariant()},Imported,{probe.Mark},Title,Default Title,{sku},19.99,false,draft\n";
    }

    /// <summary>Makes a product that is nowhere on sale.</summary>
    public async Task<(string Path, Reply Created)> ProductAsync(string title = "Conformance")
    {
        probe.NeedCredentials();
        var created = await probe.PostAsync(ProductsPath, Product(title));
        if (created.Status is 401 or 403)
        {
            throw new NotShownException("The credentials may not make products: the permission catalog:write is missing.");
        }

        created.Expect(201);
        var path = $"{ProductsPath}/{created.Text("id")}";
        _products.Enqueue(path);
        return (path, created);
    }

    public string Receipt(string sku, int quantity) =>
        new JsonObject { ["sku"] = sku, ["location"] = "main", ["quantity"] = quantity, ["reference"] = probe.Mark }.ToJsonString();

    /// <summary>Books stock of a SKU of this run in.</summary>
    public async Task<Reply> ReceiveAsync(string sku, int quantity, string key)
    {
        probe.NeedCredentials();
        if (!_stocked.Contains(sku))
        {
            _stocked.Enqueue(sku);
        }

        var answer = await probe.PostAsync(ReceiptsPath, Receipt(sku, quantity), ("Idempotency-Key", key));
        return answer.Status is 401 or 403 ? throw new NotShownException("The credentials may not book stock: the permission inventory:write is missing.") : answer;
    }

    /// <summary>How many of a SKU are on hand.</summary>
    public async Task<int> OnHandAsync(string sku)
    {
        var stock = (await probe.GetAsync($"{StockPath}?sku={sku}")).Expect(200);
        return stock.Items.Count == 0 ? 0 : (int?)stock.Items[0]["onHand"] ?? throw new NotKeptException($"The member 'onHand' was expected; {stock}");
    }

    /// <summary>Takes back what was made.</summary>
    /// <returns>What stays behind, in a sentence.</returns>
    public async Task<string> RemoveAsync()
    {
        if (_products.IsEmpty && _stocked.IsEmpty && _files.IsEmpty)
        {
            return "Nothing was written.";
        }

        var left = new List<string>();
        if (!_files.IsEmpty)
        {
            await TryAsync(FindImportedAsync, "what was imported", left);
        }

        foreach (var path in _products)
        {
            await TryAsync(async () => (await probe.PostAsync(path + "/archive", null, ("If-Match", "*"))).Status is 200 or 404 or 409, path, left);
        }

        foreach (var sku in _stocked)
        {
            await TryAsync(async () =>
            {
                var onHand = await OnHandAsync(sku);
                return onHand == 0 || (await probe.PostAsync(
                    probe.Operation("AdjustStock").Path,
                    new JsonObject { ["sku"] = sku, ["location"] = "main", ["delta"] = -onHand, ["reason"] = "Made by the conformance checks." }.ToJsonString(),
                    ("Idempotency-Key", Guid.NewGuid().ToString()))).Status == 200;
            }, "the stock of " + sku, left);
        }

        return left.Count == 0
            ? $"{_products.Count} products of the vendor {probe.Mark} are archived now, and of {_stocked.Count} SKUs that begin so nothing is on hand."
            : $"These could not be taken back: {string.Join(", ", left)}.";
    }

    // An import does not say which products it has made.
    private async Task<bool> FindImportedAsync()
    {
        var drafts = (await probe.GetAsync(OwnProducts + "&limit=100")).Expect(200);
        foreach (var path in drafts.Items.Select(item => $"{ProductsPath}/{item["id"]}").Except(_products).ToList())
        {
            _products.Enqueue(path);
        }

        return true;
    }

    private static async Task TryAsync(Func<Task<bool>> remove, string what, List<string> left)
    {
        try
        {
            if (await remove())
            {
                return;
            }
        }
        catch (Exception exception) when (exception is NotKeptException or NotShownException)
        {
            // Said below, by name.
        }

        left.Add(what);
    }
}
