using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ModularMonolith.Platform.Hosting;

/// <summary><c>Host describe {file}</c>: writes the OpenAPI document that the host would publish, without a database and without listening.</summary>
internal static class DescribeCommand
{
    public static async Task<int> RunAsync(WebApplication app, string[] arguments)
    {
        if (arguments is not [var file, ..])
        {
            await Console.Error.WriteLineAsync("Say where to: describe {file}.");
            return 1;
        }

        // A host makes its endpoints known to the services when it begins to listen.
        app.UseEndpoints(static _ => { });
        var document = await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync();
        await File.WriteAllTextAsync(file, await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1));
        return 0;
    }
}
