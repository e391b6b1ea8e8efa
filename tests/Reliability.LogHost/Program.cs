using ModularMonolith.Platform.Hosting;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Reliability.LogHost;

var builder = WebApplication.CreateBuilder(args);
builder.AddModularMonolith(ModuleCatalog.Alone(typeof(Happened).Assembly));
await using var app = builder.Build();
app.UseModularMonolith();
if (args is ["migrate", ..])
{
    return await app.MigrateAsync();
}

await app.RunAsync();
return 0;
