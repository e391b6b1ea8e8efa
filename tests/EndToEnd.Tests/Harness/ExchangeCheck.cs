using System.Text;
using ModularMonolith.Conformance.Descriptions;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>
/// Holds every answer that a test gets, and every request that was accepted, against the host's own description of its API; a difference fails the test
/// (convention 29). Where tests run through Prism, it sends what Prism can carry through it.
/// </summary>
internal sealed class ExchangeCheck(Uri address, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (method, path, query) = (request.Method.Method, request.RequestUri!.AbsolutePath, request.RequestUri.Query);
        if (method is "HEAD" or "OPTIONS" || await DescribedHost.OfAsync(address) is not { } host)
        {
            // A description says nothing of HEAD and OPTIONS, which every resource has.
            return await base.SendAsync(request, cancellationToken);
        }

        var operation = host.Description.Find(method, path);
        if (operation is not null && host.Prism is { } prism)
        {
            var obstacle = await PrismObstacle.OfAsync(operation, request);
            prism.Record(operation, obstacle);
            if (obstacle is null)
            {
                request.RequestUri = new Uri(prism.Address, path + query);
                PrismObstacle.KeepHeaders(request);
            }
        }

        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            var violations = await ViolationsAsync(host.Description, operation, request, query, path, response);
            Assert.True(violations.Count == 0, $"{method} {path}{query} answered {(int)response.StatusCode}, not as described:\n{string.Join('\n', violations)}");
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static async Task<IReadOnlyList<string>> ViolationsAsync(
        ApiDescription description, DescribedOperation? operation, HttpRequestMessage request, string query, string path, HttpResponseMessage response)
    {
        if (operation is null)
        {
            return response.IsSuccessStatusCode && path.StartsWith("/api/", StringComparison.Ordinal) ? ["There is no such operation in the description."] : [];
        }

        await response.Content.LoadIntoBufferAsync();
        var exchange = new Exchange
        {
            Query = query,
            RequestHeaders = Headers(request.Headers),
            RequestType = request.Content?.Headers.ContentType?.ToString(),
            RequestBody = request.Content is { } sent && response.IsSuccessStatusCode ? Encoding.UTF8.GetString(await sent.ReadAsByteArrayAsync()) : null,
            Status = (int)response.StatusCode,
            AnswerHeaders = Headers(response.Headers.Concat(response.Content.Headers)),
            AnswerType = response.Content.Headers.ContentType?.ToString(),
            AnswerBody = response.Content.Headers.ContentEncoding.Count == 0 ? Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync()) : null,
        };
        return [.. description.Violations(operation, exchange), .. PrismProxy.Violations(response)];
    }

    private static Dictionary<string, string> Headers(IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers) =>
        headers.ToDictionary(static header => header.Key, static header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
}
