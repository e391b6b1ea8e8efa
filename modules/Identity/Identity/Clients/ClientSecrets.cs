using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ModularMonolith.Identity.Clients;

/// <summary>Secrets of confidential clients: made here, 256 random bits, shown once, stored as a hash.</summary>
internal sealed class ClientSecrets
{
    private const int Length = 32;

    // A secret of 256 random bits cannot be guessed, however fast its hash is; and clients send it with every request for a token.
    private const int Iterations = 1_000;

    private readonly PasswordHasher<Client> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));

    public string GiveNew(Client client)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length));
        client.SecretHash = _hasher.HashPassword(client, secret);
        return secret;
    }

    public bool IsRight(Client client, string secret) =>
        client.SecretHash is { } hash && _hasher.VerifyHashedPassword(client, hash, secret) != PasswordVerificationResult.Failed;
}
