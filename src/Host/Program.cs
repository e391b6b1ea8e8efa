using ModularMonolith.Platform.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddModularMonolith();
await using var app = builder.Build();
app.UseModularMonolith();
return await app.RunModularMonolithAsync(args);
