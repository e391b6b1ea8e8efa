using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Identity.Protection;

/// <summary>The key with which the key ring is encrypted at rest. It never stands in the database, so that a stolen dump is of no use alone.</summary>
internal sealed class EncryptionKey
{
    public const int Length = 32;

    public EncryptionKey(IConfiguration configuration, IHostEnvironment environment)
    {
        var text = configuration.GetSection("identity").GetValue<string>("EncryptionKey");
        if (string.IsNullOrWhiteSpace(text))
        {
            Bytes = environment.IsDevelopment()
                ? null
                : throw new ModuleConfigurationException("identity:EncryptionKey is not set. Generate one with 'openssl rand -base64 32', keep it with the other secrets, and give the same one to every host.");
            return;
        }

        var bytes = new byte[Length + 1];
        Bytes = Convert.TryFromBase64String(text, bytes, out var length) && length == Length
            ? bytes[..Length]
            : throw new ModuleConfigurationException("identity:EncryptionKey is not 32 bytes in base64. Generate one with 'openssl rand -base64 32'.");
    }

    /// <summary>32 bytes; null in Development without a configured key, where the key ring is stored as it is.</summary>
    public byte[]? Bytes { get; }
}

/// <summary>Ends the start of a host that could not read what it is asked to keep.</summary>
[LocatesServices("It makes the key only to see at the start whether it can be made.")]
internal sealed class EncryptionKeyCheck(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = services.GetService(typeof(EncryptionKey));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
