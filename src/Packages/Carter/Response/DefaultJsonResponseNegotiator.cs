using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Carter.Response;

/// <summary>Writes JSON with camel-case names and without null members; used when nothing else fits the request.</summary>
public class DefaultJsonResponseNegotiator : IResponseNegotiator
{
    private readonly JsonSerializerOptions _options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase
    };

    /// <inheritdoc />
    public bool CanHandle(MediaTypeHeaderValue accept) => accept.MediaType.Value?.Contains("json", StringComparison.OrdinalIgnoreCase) == true;

    /// <inheritdoc />
    public Task Handle<T>(HttpRequest req, HttpResponse res, T model, CancellationToken cancellationToken)
    {
        res.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(res.Body, model, model?.GetType() ?? typeof(T), _options, cancellationToken);
    }
}
