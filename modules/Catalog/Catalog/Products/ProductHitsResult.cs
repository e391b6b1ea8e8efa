using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ModularMonolith.Catalog.Products;

/// <summary>Sends a page of stored products without reading their JSON.</summary>
internal sealed class ProductHitsResult(ProductHits hits) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        await using (var json = new Utf8JsonWriter(httpContext.Response.BodyWriter, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("items");
            foreach (var item in hits.Items)
            {
                json.WriteRawValue(item, skipInputValidation: true);
            }

            json.WriteEndArray();
            json.WriteString("next", hits.Next);
            json.WriteEndObject();
        }

        await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}
