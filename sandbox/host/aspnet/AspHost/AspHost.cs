// A small ASP.NET 4 worker process over Mono's System.Web. HttpListener on loopback hands each request to one application in its
// own application domain. One process serves one application and is replaced when the application's configuration changes.
// Usage: mono AspHost.exe PORT VIRTUAL_PATH PHYSICAL_PATH; prints "READY PORT" when it listens.
using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Web;
using System.Web.Hosting;

[Serializable]
public class Question
{
    public string Method, Path, Query, Remote;
    public int Port;
    public bool Tls;
    public Dictionary<string, string> Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
    public byte[] Body;
}

[Serializable]
public class Answer
{
    public int Status = 200;
    public string Reason;
    public List<KeyValuePair<string, string>> Headers = new List<KeyValuePair<string, string>>();
    public byte[] Body = new byte[0];
}

/// <summary>Lives in the application's domain and runs its requests.</summary>
public class ApplicationRunner : MarshalByRefObject
{
    // A configuration that breaks the start of the application makes System.Web drop the request without any answer.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);

    public override object InitializeLifetimeService() { return null; }

    public Answer Run(Question question)
    {
        var worker = new Worker(question);
        HttpRuntime.ProcessRequest(worker);
        if (worker.Done.WaitOne(Patience)) return worker.Answer;
        return new Answer
        {
            Status = 500,
            Reason = "Application gave no answer",
            Body = Encoding.UTF8.GetBytes("The application gave no answer; its configuration may be broken.")
        };
    }
}

class Worker : SimpleWorkerRequest
{
    // PfWsSdk.asmx/TestSecurity: the file is asked for its operation by the rest of the path.
    static readonly Regex FileAndRest = new Regex(@"^(?<file>.*?\.(aspx|asmx|ashx))(?<rest>/.*)$", RegexOptions.IgnoreCase);

    readonly Question question;
    readonly string file, rest;
    readonly MemoryStream body = new MemoryStream();
    public readonly Answer Answer = new Answer();
    public readonly ManualResetEvent Done = new ManualResetEvent(false);

    public Worker(Question question) : base(question.Path.TrimStart('/'), question.Query, TextWriter.Null)
    {
        this.question = question;
        var match = FileAndRest.Match(question.Path);
        file = match.Success ? match.Groups["file"].Value : question.Path;
        rest = match.Groups["rest"].Value;
    }

    public override string GetHttpVerbName() { return question.Method; }
    public override string GetHttpVersion() { return "HTTP/1.1"; }
    public override string GetUriPath() { return question.Path; }
    public override string GetFilePath() { return file; }
    public override string GetPathInfo() { return rest; }
    public override string GetRawUrl() { return question.Path + (question.Query == "" ? "" : "?" + question.Query); }
    public override string GetQueryString() { return question.Query; }
    public override string GetLocalAddress() { return "127.0.0.1"; }
    public override int GetLocalPort() { return question.Port; }
    public override string GetRemoteAddress() { return question.Remote; }
    public override bool IsSecure() { return question.Tls; }
    public override string GetProtocol() { return question.Tls ? "https" : "http"; }
    public override string GetAppPath() { return HostingEnvironment.ApplicationVirtualPath; }
    public override string GetAppPathTranslated() { return HostingEnvironment.ApplicationPhysicalPath; }
    public override string GetFilePathTranslated() { return MapPath(file); }

    public override string GetServerName()
    {
        string host = GetUnknownRequestHeader("Host");
        return host == null ? "localhost" : host.Split(':')[0];
    }

    public override string MapPath(string path)
    {
        var physical = HostingEnvironment.ApplicationPhysicalPath;
        if (string.IsNullOrEmpty(path) || path == "/") return physical;
        var application = HostingEnvironment.ApplicationVirtualPath;
        if (application != "/" && path.StartsWith(application, StringComparison.OrdinalIgnoreCase))
            path = path.Substring(application.Length);
        return Path.Combine(physical, path.TrimStart('/'));
    }

    public override string GetUnknownRequestHeader(string name)
    {
        string value;
        return question.Headers.TryGetValue(name, out value) ? value : null;
    }

    public override string GetKnownRequestHeader(int index)
    {
        return GetUnknownRequestHeader(HttpWorkerRequest.GetKnownRequestHeaderName(index));
    }

    public override string[][] GetUnknownRequestHeaders()
    {
        var headers = new List<string[]>();
        foreach (var header in question.Headers)
            if (HttpWorkerRequest.GetKnownRequestHeaderIndex(header.Key) < 0)
                headers.Add(new[] { header.Key, header.Value });
        return headers.ToArray();
    }

    public override byte[] GetPreloadedEntityBody() { return question.Body; }
    public override bool IsEntireEntityBodyIsPreloaded() { return true; }
    public override int GetTotalEntityBodyLength() { return question.Body.Length; }

    public override void SendStatus(int code, string description)
    {
        Answer.Status = code;
        Answer.Reason = description;
    }

    public override void SendKnownResponseHeader(int index, string value)
    {
        SendUnknownResponseHeader(HttpWorkerRequest.GetKnownResponseHeaderName(index), value);
    }

    public override void SendUnknownResponseHeader(string name, string value)
    {
        Answer.Headers.Add(new KeyValuePair<string, string>(name, value));
    }

    public override void SendResponseFromMemory(byte[] data, int length) { body.Write(data, 0, length); }

    public override void SendResponseFromFile(string name, long offset, long length)
    {
        using (var file = File.OpenRead(name))
        {
            file.Position = offset;
            var data = new byte[length];
            body.Write(data, 0, file.Read(data, 0, (int)length));
        }
    }

    public override void SendResponseFromFile(IntPtr handle, long offset, long length) { throw new NotSupportedException(); }
    public override void FlushResponse(bool final) { }

    public override void EndOfRequest()
    {
        Answer.Body = body.ToArray();
        Done.Set();
    }
}

static class Program
{
    static ApplicationRunner runner;
    static int port;

    static int Main(string[] arguments)
    {
        port = int.Parse(arguments[0]);
        var listener = new HttpListener();
        listener.Prefixes.Add("http://127.0.0.1:" + port + "/");
        listener.Start();
        runner = (ApplicationRunner)ApplicationHost.CreateApplicationHost(
            typeof(ApplicationRunner), arguments[1], Path.GetFullPath(arguments[2]));
        Console.WriteLine("READY " + port);
        for (;;)
        {
            var context = listener.GetContext();
            ThreadPool.QueueUserWorkItem(_ => Serve(context));
        }
    }

    static void Serve(HttpListenerContext context)
    {
        try
        {
            Send(context.Response, runner.Run(Ask(context.Request)));
        }
        catch (Exception error)
        {
            Console.Error.WriteLine(error);
            try { context.Response.StatusCode = 500; context.Response.Close(); } catch (Exception) { }
        }
    }

    static Question Ask(HttpListenerRequest request)
    {
        var question = new Question
        {
            Method = request.HttpMethod,
            Path = HttpUtility.UrlDecode(request.Url.AbsolutePath),
            Query = request.Url.Query.TrimStart('?'),
            Remote = request.Headers["X-Forwarded-For"] ?? "127.0.0.1",
            Port = port,
            Tls = request.Headers["X-Forwarded-Proto"] == "https"
        };
        foreach (string name in request.Headers) question.Headers[name] = request.Headers[name];
        // HttpListener refuses every name but its own address; the client's comes beside it.
        if (request.Headers["X-Forwarded-Host"] != null) question.Headers["Host"] = request.Headers["X-Forwarded-Host"];
        var body = new MemoryStream();
        request.InputStream.CopyTo(body);
        question.Body = body.ToArray();
        return question;
    }

    static void Send(HttpListenerResponse response, Answer answer)
    {
        response.StatusCode = answer.Status;
        if (answer.Reason != null) response.StatusDescription = answer.Reason;
        foreach (var header in answer.Headers)
        {
            // HttpListener sets these itself and refuses them from others.
            if (header.Key == "Content-Length" || header.Key == "Transfer-Encoding" || header.Key == "Connection") continue;
            if (header.Key == "Content-Type") response.ContentType = header.Value;
            else response.Headers.Add(header.Key, header.Value);
        }
        response.ContentLength64 = answer.Body.Length;
        response.OutputStream.Write(answer.Body, 0, answer.Body.Length);
        response.Close();
    }
}
