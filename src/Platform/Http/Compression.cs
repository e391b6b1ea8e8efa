using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ModularMonolith.Platform.Http;

/// <summary>Compresses what holds no secret, and nothing else: see <see cref="ResponseHeaders.HoldsNothingPersonal"/>.</summary>
internal sealed class Compression(IServiceProvider services, IOptions<ResponseCompressionOptions> options) : ResponseCompressionProvider(services, options)
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<IResponseCompressionProvider, Compression>();
        services.AddResponseCompression(static options =>
        {
            // Whether an answer is compressed is decided by what it holds and not by how it travels.
            options.EnableForHttps = true;
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "text/csv"];
        });
        services.Configure<BrotliCompressionProviderOptions>(static options => options.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(static options => options.Level = CompressionLevel.Fastest);
    }

    public override bool ShouldCompressResponse(HttpContext context) =>
        (context.GetEndpoint()?.Metadata.GetMetadata<PublicContent>() is not null || !ApiRequest.Is(context)) && context.Response.StatusCode < 400 && base.ShouldCompressResponse(context);
}
