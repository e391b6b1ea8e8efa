using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Catalog.Products;

/// <summary>Sends a page of stored products without reading their JSON, unless only some fields are wanted.</summary>
internal sealed class ProductHitsResult(ProductHits hits, FieldSelection? selection) : IResult
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
                if (selection is null)
                {
                    json.WriteRawValue(item, skipInputValidation: true);
                }
                else
                {
                    selection.Write(json, item);
                }
            }

            json.WriteEndArray();
            json.WriteString("next", hits.Next);
            json.WriteEndObject();
        }

        await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}
