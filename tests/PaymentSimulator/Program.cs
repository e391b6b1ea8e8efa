using ModularMonolith.PaymentSimulator;

if (SimulatorApplication.AddressesOutside(args) is [var address, ..])
{
    await Console.Error.WriteLineAsync($"The payment simulator takes orders from everybody who reaches it, so it listens on loopback only: not on {address}. Start it with --urls http://127.0.0.1:0.");
    return 2;
}

await using var app = SimulatorApplication.Build(args);
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine("The payment simulator listens on " + app.Urls.First()));
await app.RunAsync();
return 0;
