using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Disposal.OwnedSessionNotDisposedAnalyzer, McpSessionAnalyzers.CodeFixes.Disposal.OwnedSessionNotDisposedFix>;

namespace McpSessionAnalyzers.Tests.Disposal;

/// <summary>MSA1103: bases that are disposed synchronously, plain holders and values that may be missing.</summary>
public sealed class OwnedSessionNotDisposedFixShapesTests
{
    public static TheoryData<Case> NoFix => Case.For(
        new Case("structs, whose copies share the session, and bases that are never disposed asynchronously", """
            struct S
            {
                McpClient? [|_c|];
                public async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);
            }
            record struct R(McpClient [|C|])
            {
                public static async Task<R> M(IClientTransport t) => new R(await McpClient.CreateAsync(t));
            }
            class A : System.ComponentModel.Component
            {
                McpClient? [|_c|];
                public async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);
            }
            class Base : IDisposable { void IDisposable.Dispose() { } }
            class B : Base
            {
                McpClient? [|_c|];
                public async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);
            }
            """));

    public static TheoryData<Case> Fixed => Case.For(
        new("a base that is disposed synchronously, and a method of that name that no interface asks for", """
            class Base : IDisposable { public void Dispose() { } }

            class A : Base
            {
                McpClient? [|_c|];
                public async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);
            }

            abstract class Pattern : IDisposable
            {
                public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }
                protected virtual void Dispose(bool disposing) { }
            }

            class B : Pattern
            {
                McpClient? [|_c|];
                public async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);
                protected override void Dispose(bool disposing) => base.Dispose(disposing);
            }

            class C
            {
                McpClient? [|_c|];
                public async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);
                protected virtual void Dispose(bool disposing) { }
            }
            """, """
            class Base : IDisposable { public void Dispose() { } }

            class A : Base, IAsyncDisposable
            {
                McpClient? _c;
                public async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);

                public async ValueTask DisposeAsync()
                {
                    await (_c?.DisposeAsync() ?? default);
                    Dispose();
                }
            }

            abstract class Pattern : IDisposable
            {
                public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }
                protected virtual void Dispose(bool disposing) { }
            }

            class B : Pattern, IAsyncDisposable
            {
                McpClient? _c;
                public async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);
                protected override void Dispose(bool disposing) => base.Dispose(disposing);

                public async ValueTask DisposeAsync()
                {
                    await (_c?.DisposeAsync() ?? default);
                    Dispose();
                }
            }

            class C : IAsyncDisposable
            {
                McpClient? _c;
                public async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);
                protected virtual void Dispose(bool disposing) { }

                public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default;
            }
            """),
        new("holders, and a value that may be missing", """
            class Handle { public string? Name; public McpClient? Client; }
            sealed record Pair(string Name, McpClient Client);

            class A
            {
                (McpClient Client, IList<McpClientTool> Tools)? [|_both|];
                readonly List<Handle> [|_handles|] = new();
                Handle? [|_handle|];
                Pair? [|_pair|];
                Task<(string, McpClient)>? [|_named|];

                public async Task M(IClientTransport t)
                {
                    var c = await McpClient.CreateAsync(t);
                    _both = (c, new List<McpClientTool>());
                    _handles.Add(new Handle { Client = await McpClient.CreateAsync(t) });
                    _handle = new Handle { Client = await McpClient.CreateAsync(t) };
                    _pair = new Pair("x", await McpClient.CreateAsync(t));
                    _named ??= Open(t);
                }

                static async Task<(string, McpClient)> Open(IClientTransport t) => ("x", await McpClient.CreateAsync(t));
            }
            """, """
            class Handle { public string? Name; public McpClient? Client; }
            sealed record Pair(string Name, McpClient Client);

            class A : IAsyncDisposable
            {
                (McpClient Client, IList<McpClientTool> Tools)? _both;
                readonly List<Handle> _handles = new();
                Handle? _handle;
                Pair? _pair;
                Task<(string, McpClient)>? _named;

                public async Task M(IClientTransport t)
                {
                    var c = await McpClient.CreateAsync(t);
                    _both = (c, new List<McpClientTool>());
                    _handles.Add(new Handle { Client = await McpClient.CreateAsync(t) });
                    _handle = new Handle { Client = await McpClient.CreateAsync(t) };
                    _pair = new Pair("x", await McpClient.CreateAsync(t));
                    _named ??= Open(t);
                }

                static async Task<(string, McpClient)> Open(IClientTransport t) => ("x", await McpClient.CreateAsync(t));

                public async ValueTask DisposeAsync()
                {
                    if (_both.HasValue)
                    {
                        await _both.Value.Client.DisposeAsync();
                    }
                    foreach (var session in _handles)
                    {
                        if (session.Client is not null)
                        {
                            await session.Client.DisposeAsync();
                        }
                    }
                    if (_handle is not null)
                    {
                        if (_handle.Client is not null)
                        {
                            await _handle.Client.DisposeAsync();
                        }
                    }
                    if (_pair is not null)
                    {
                        await _pair.Client.DisposeAsync();
                    }
                    if (_named is { IsCompletedSuccessfully: true })
                    {
                        await (await _named).Item2.DisposeAsync();
                    }
                }
            }
            """));

    [Theory, MemberData(nameof(NoFix))]
    public Task IsNotOffered(Case test) => Verify.VerifyCodeFixAsync(test);

    [Theory, MemberData(nameof(Fixed))]
    public Task Disposes(Case test) => Verify.VerifyCodeFixAsync(test);
}
