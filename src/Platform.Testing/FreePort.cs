using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ModularMonolith.Platform.Testing;

/// <summary>A port of this machine for a server that starts later, or more than once at the same address.</summary>
public static class FreePort
{
    // Below those from which systems take the ports of clients (Linux from 32,768, others from 49,152): no connection of any test gets one of these while nobody listens at it.
    private const int First = 20_000;
    private const int Last = 32_000;
    private const int Attempts = 100;

    /// <summary>Finds one at which nobody listens.</summary>
    /// <returns>The port.</returns>
    /// <exception cref="InvalidOperationException">None was found.</exception>
    public static int Find()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            using var listener = new TcpListener(IPAddress.Loopback, RandomNumberGenerator.GetInt32(First, Last));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Somebody else has it: another one will do.
            }
        }

        throw new InvalidOperationException($"None of {Attempts} ports between {First} and {Last} is free.");
    }
}
