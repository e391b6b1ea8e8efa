using System.Collections.Concurrent;
using ModularMonolith.EndToEnd.Tests.Tours;

namespace ModularMonolith.EndToEnd.Tests.Conventions;

/// <summary>
/// Convention 44: requests that succeed, each spoiled in one place and sent while everything is as the right one needs it: numbers beyond their type, texts that are no Unicode, members twice, other media
/// types. What no operation can mean is refused by all of them, and nothing is ever a failure of the service. A new operation is part of it as soon as it is part of a tour.
/// </summary>
public sealed class SpoiledRequestTests(HostFixture host) : IClassFixture<HostFixture>
{
    private const string DryRun = "dryRun";

    // An operator's tools: where they are told to go they go.
    private const string Tools = "/api/log/";

    [Fact]
    public async Task Convention_44_a_request_that_is_wrong_in_one_place_is_refused_or_done_and_never_a_failure()
    {
        var document = (await host.Api.GetAsync("/openapi/v1.json")).Expect(200).Json;
        var operations = SampledOperation.AllOf(document).ToDictionary(static operation => operation.Name, StringComparer.Ordinal);
        var (faults, seen, sent) = (new ConcurrentQueue<string>(), new ConcurrentBag<TouredRequest>(), 0);
        var clients = new ConcurrentDictionary<Api, Api>(ReferenceEqualityComparer.Instance);
        using (var tour = new Tour(host.Callers) { Before = SpoilBeforeAsync })
        {
            try
            {
                // It rewinds a subscription of the log, so nobody else waits for one meanwhile.
                await tour.FirstOrderAsync();
                await Task.WhenAll(tour.AccountsAsync(), tour.WarehouseAsync(), tour.PricingAsync(), tour.DeliveryAsync(), tour.MoneyAsync());
                await AskAsync(tour);
                await tour.FilesAsync(document);
            }
            catch (Exception exception) when (!faults.IsEmpty)
            {
                // What was accepted, and should not have been, is in the tour's way.
                faults.Enqueue(exception.Message);
            }

            await Parallel.ForEachAsync(seen, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (request, _) => await SpoilAfterAsync(request));
        }

        foreach (var client in clients.Values)
        {
            client.Dispose();
        }

        Assert.True(faults.IsEmpty, $"{faults.Count} of {sent}:\n" + string.Join("\n\n", faults.Take(40)));
        Assert.True(seen.Count > 60 && sent > 4_000, $"Only {seen.Count} requests were spoiled, in {sent} ways.");
        (await host.Api.GetAsync("/health/ready")).Expect(200);

        // Operations that only ask are part of no tour.
        async Task AskAsync(Tour tour)
        {
            var (_, email) = await host.Callers.RegisterAsync();
            await tour.ActAsync("POST /api/identity/accounts/find", new { email });
            var sku = Shop.NewSku();
            await host.Shop.SellAsync(1, sku);
            var product = (await host.Api.GetAsync("/api/catalog/products?q=" + sku)).Expect(200).Json["items"]![0]!["id"];
            var variantId = (await host.Api.GetAsync("/api/catalog/products/" + product)).Expect(200).Json["variants"]![0]!["id"]!;
            await tour.ActAsync("POST /api/pricing/quotes", new { items = new[] { new { variantId, quantity = 2 } }, currency = "EUR", coupons = new[] { "NONE" }, destination = new { country = "DE", postalCode = "10115" } });
        }

        bool CanTryOut(TouredRequest request) => operations[request.Operation].Parameters.Any(static parameter => parameter is ("query", DryRun, _));

        // Where the operation can be tried out, all of it, since nothing stays; elsewhere what cannot be done.
        async Task SpoilBeforeAsync(TouredRequest request)
        {
            seen.Add(request);
            var path = CanTryOut(request) ? $"{request.Path}{(request.Path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{DryRun}=true" : request.Path;
            foreach (var spoiled in Spoiled.Of(request.Body).Where(spoiled => spoiled.IsRefused || CanTryOut(request)))
            {
                await SendAsync(request, path, spoiled);
            }
        }

        // What may be done, when it does not matter any more.
        async Task SpoilAfterAsync(TouredRequest request)
        {
            foreach (var spoiled in Spoiled.Of(request.Body).Where(spoiled => !spoiled.IsRefused && !CanTryOut(request) && !request.Path.StartsWith(Tools, StringComparison.Ordinal)))
            {
                await SendAsync(request, request.Path, spoiled);
            }
        }

        async Task SendAsync(TouredRequest request, string path, Spoiled spoiled)
        {
            Interlocked.Increment(ref sent);
            using var content = spoiled.Content();
            var headers = request.Headers.Select(static header => header.Name == "Idempotency-Key" ? Tour.Key() : header);
            try
            {
                var answer = await clients.GetOrAdd(request.Api, static api => api.Unnoted()).SendAsync(request.Method, path, content, [.. headers]);
                // What is sent in bulk is refused one by one.
                var isBulk = answer.Code == 200 && answer.Json["items"] is not null && (int?)answer.Json["done"] == 0;
                if ((spoiled.IsRefused && !isBulk) || answer.Code >= 400)
                {
                    answer.ExpectProblem();
                }
            }
            catch (Exception exception)
            {
                faults.Enqueue($"{request.Operation} with {spoiled.What}: {exception.Message}");
            }
        }
    }
}
